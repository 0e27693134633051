#include "modes/text_reading.hpp"

#include <iterator>

#include "docker/clients/raw_clients.hpp"
#include "docker/printed_ids.hpp"
#include "docker/programs.hpp"
#include "docker/requests.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/self_protection.hpp"
#include "modes/text_findings.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::modes {

TextReading ReadShellText(const ShellText& text) {
  shell::Context context;
  context.cwd = text.cwd;
  context.environment = text.environment;
  context.names = docker::ProgramNames();
  // The folder may have been entered by an earlier command.
  if (MayNameSafeDocker(text.text) || MayNameSafeDocker(text.cwd)) {
    context.is_quiet_name = [](std::string_view name) { return docker::IsRawClient(name) || MayTouchSafeDocker(name); };
  } else {
    context.is_quiet_name = [](std::string_view name) {
      return docker::IsRawClient(name) || (MayTouchSafeDocker(name) && !WritesWhereItIsTold(name));
    };
  }
  context.prints_identifier = &docker::PrintsIdentifier;
  context.reads_files = &docker::MayReadProject;
  guard::SetStage("reading the shell text");
  shell::Analysis analysis = shell::Analyze(text.text, context);

  TextReading reading;
  reading.findings = FindInText(analysis, context);
  if (text.is_powershell && !ReadsAlikeInPowerShell(text.text, context.names)) {
    reading.findings.push_back(PowerShellDoubt(text.text));
  }
  guard::SetStage("reading the docker command");
  for (const CommandLine& line : analysis.commands) {
    const std::string_view program = BaseName(line.words[0].text);
    if (MayTouchSafeDocker(program) && !docker::IsRawClient(program)) {
      continue;  // judged by its text alone
    }
    std::vector<docker::Request> made = docker::ReadCommandLine(line);
    std::move(made.begin(), made.end(), std::back_inserter(reading.requests));
  }
  HeedChangedFiles(analysis, &reading.requests, &reading.findings);
  reading.commands = std::move(analysis.commands);
  return reading;
}

}  // namespace safe_docker::modes
