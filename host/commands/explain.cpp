// How a verdict comes about, step by step: what was found in a text, what that would do, what each rule says of it and
// what the configuration makes of that. The same steps as the doors take; nothing is run, nothing is logged.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "audit/request_json.hpp"
#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/terminal.hpp"
#include "diagnostics.hpp"
#include "docker/effect_phrases.hpp"
#include "docker/host_power.hpp"
#include "docker/requests.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "modes/judge.hpp"
#include "modes/text_reading.hpp"
#include "modes/typed_line.hpp"
#include "policy/project_file.hpp"

namespace safe_docker::commands {
namespace {

using modes::Printable;
using policy::Decision;
using policy::Finding;
using policy::Treatment;
using Json = nlohmann::ordered_json;

struct Explanation {
  std::string text;
  std::string cwd;
  policy::LoadedConfig config;
  std::vector<CommandLine> commands;
  modes::Judgement judgement;
  std::vector<std::string> powers;
};

policy::LoadedConfig Load(const std::string& config_path, const Environment& environment, const std::string& cwd) {
  modes::ConfigurationRequest request = modes::ForCommandIn(cwd);
  request.explicit_path = config_path;
  return modes::LoadConfiguration(environment, request);
}

// `argv`: the words of a docker command, with or without the program in front; empty if `text` is meant.
Explanation Judge(const std::string& text, std::vector<std::string> argv, const std::string& cwd,
                  const std::string& config_path) {
  const Environment environment = modes::ProcessEnvironment();
  Explanation result;
  result.text = text;
  result.cwd = cwd;
  modes::TextReading reading;
  if (argv.empty()) {
    reading = modes::ReadShellText({text, /*is_powershell=*/false, cwd, environment});
  } else {
    const std::vector<std::string> programs = docker::ProgramNames();
    if (std::find(programs.begin(), programs.end(), BaseName(argv[0])) == programs.end()) {
      argv.insert(argv.begin(), "docker");
    }
    reading.commands.push_back(modes::LineOfWords(argv, cwd, environment));
    reading.requests = docker::ReadCommandLine(reading.commands[0]);
    result.text = reading.commands[0].source;
  }
  result.config = Load(config_path, environment, cwd);
  result.commands = std::move(reading.commands);
  result.judgement =
      modes::Judge(std::move(reading.requests), std::move(reading.findings), result.config, /*advise=*/true);
  const std::string home = environment.GetOr("HOME", "");
  const std::string found = policy::FindProjectFolder(cwd, home);
  const std::string& project = found.empty() ? cwd : found;
  result.powers = docker::HostPowers(result.judgement.requests, {home, project});
  return result;
}

// A project's own file can make it stricter.
std::string_view ProfileInForce(const Explanation& result) {
  const policy::Policy& policy = result.config.config.policy;
  return Name(std::max(policy.profile, policy.floor_profile.value_or(policy.profile)));
}

std::string Power(const Explanation& result) { return docker::HostPowerLine(result.judgement.requests, result.powers); }

// What was said in a file: "service web, compose.yaml:12".
std::string Where(const docker::Evidence& evidence) {
  std::string where = evidence.service.empty() ? "" : "service " + evidence.service;
  if (!evidence.file.empty()) {
    where += (where.empty() ? "" : ", ") + evidence.file;
    where += evidence.line == 0 ? "" : ":" + std::to_string(evidence.line);
  }
  return where;
}

// ---- For people
// ------------------------------------------------------------------------------------------------------

std::string Words(const CommandLine& line) {
  std::string text;
  for (const Word& word : line.words) {
    text += (text.empty() ? "" : " ") + modes::QuoteWord(Printable(word.text));
  }
  return text;
}

std::string CommandsText(const Explanation& result, const Terminal& terminal) {
  std::string text = "Commands\n";
  for (const CommandLine& line : result.commands) {
    text += "  " + Words(line) + terminal.PaintFaint("  in " + Printable(line.cwd)) + "\n";
  }
  return text + (result.commands.empty() ? "  none that concerns docker\n" : "");
}

std::string RequestsText(const Explanation& result, const Terminal& terminal) {
  std::string text = result.judgement.requests.empty() ? "" : "\nRequests\n";
  for (const docker::Request& request : result.judgement.requests) {
    const std::string where = Where(request.evidence);
    text += "  " + Printable(request.program + " " + request.command) +
            (where.empty() ? "" : terminal.PaintFaint("  " + Printable(where))) + "\n";
    for (const docker::Effect& effect : request.effects) {
      const std::string& written = effect.evidence.written;
      text += "    " + Printable(docker::Phrase(effect)) +
              (written.empty() ? "" : terminal.PaintFaint("  " + Printable(written))) + "\n";
    }
  }
  return text;
}

// "deny", or "deny -> allow, excused (exception config.toml:12: REASON)".
std::string Course(const Finding& finding) {
  std::string text(Name(finding.raised));
  if (finding.decision != finding.raised) {
    text += " -> " + std::string(Name(finding.decision));
  }
  if (finding.treatment != Treatment::kEnforced) {
    text += ", " + std::string(Name(finding.treatment));
  }
  return text + (finding.because.empty() ? "" : " (" + Printable(finding.because) + ")");
}

bool IsNote(const Finding& finding) {
  return finding.decision == Decision::kAllow && finding.treatment == Treatment::kEnforced;
}

std::string FindingsText(const Explanation& result, const Terminal& terminal) {
  std::string text = result.judgement.verdict.findings.empty() ? "" : "\nFindings\n";
  for (const Finding& finding : result.judgement.verdict.findings) {
    text += "  " + (IsNote(finding) ? terminal.PaintFaint("note") : terminal.Paint(finding.decision, Course(finding))) +
            "  " + terminal.PaintBold(Printable(finding.rule)) + "\n    " + modes::Describe(finding, terminal.colors) +
            "\n";
  }
  return text;
}

std::string Text(const Explanation& result, const Terminal& terminal) {
  const policy::Verdict& verdict = result.judgement.verdict;
  std::string files;
  for (const std::string& file : result.config.files) {
    files += ", " + Printable(file);
  }
  std::string text = CommandsText(result, terminal) + RequestsText(result, terminal) + FindingsText(result, terminal);
  text += "\nHost power: " + Printable(Power(result)) + "\n";
  text += "Verdict: " + terminal.Paint(verdict.decision, Name(verdict.decision)) + "  (profile " +
          std::string(ProfileInForce(result)) + (files.empty() ? ", built-in defaults" : files) + ")\n";
  for (const policy::Problem& problem : result.config.problems) {
    text += Describe(problem, terminal.colors) + "\n";
  }
  return text;
}

// ---- For programs
// ----------------------------------------------------------------------------------------------------

Json CommandJson(const CommandLine& line) {
  Json words = Json::array();
  for (const Word& word : line.words) {
    words.push_back(audit::Readable(word.text));
  }
  return {{"words", words}, {"cwd", audit::Readable(line.cwd)}};
}

Json EffectJson(const docker::Effect& effect) {
  return {{"kind", docker::NameOf(effect.kind)},
          {"phrase", Printable(docker::Phrase(effect))},
          {"subject", audit::Readable(effect.subject)},
          {"name", audit::Readable(effect.name)},
          {"target", audit::Readable(effect.target)},
          {"options", audit::Readable(effect.options)},
          {"resolved", audit::Readable(effect.resolved)},
          {"written", audit::Readable(effect.evidence.written)},
          {"read_only", (effect.flags & SDP_EFFECT_READ_ONLY) != 0},
          {"unresolved", (effect.flags & SDP_EFFECT_UNRESOLVED) != 0}};
}

Json RequestJson(const docker::Request& request) {
  Json effects = Json::array();
  std::transform(request.effects.begin(), request.effects.end(), std::back_inserter(effects), EffectJson);
  return {{"program", audit::Readable(request.program)},
          {"command", audit::Readable(request.command)},
          {"source", audit::Readable(request.source)},
          {"cwd", audit::Readable(request.cwd)},
          {"engine", audit::Readable(request.engine)},
          {"service", audit::Readable(request.evidence.service)},
          {"file", audit::Readable(request.evidence.file)},
          {"line", request.evidence.line},
          {"effects", effects}};
}

std::string JsonText(const Explanation& result) {
  const policy::Verdict& verdict = result.judgement.verdict;
  Json commands = Json::array();
  std::transform(result.commands.begin(), result.commands.end(), std::back_inserter(commands), CommandJson);
  Json requests = Json::array();
  std::transform(result.judgement.requests.begin(), result.judgement.requests.end(), std::back_inserter(requests),
                 RequestJson);
  Json findings = audit::FindingsJson(verdict.findings);
  for (std::size_t index = 0; index < findings.size(); ++index) {
    findings[index]["advice"] = audit::Readable(verdict.findings[index].advice);
  }
  Json problems = Json::array();
  for (const policy::Problem& problem : result.config.problems) {
    problems.push_back(Describe(problem));
  }
  const Json report = {{"text", result.text},
                       {"cwd", audit::Readable(result.cwd)},
                       {"verdict", Name(verdict.decision)},
                       {"profile", ProfileInForce(result)},
                       {"files", result.config.files},
                       {"problems", problems},
                       {"host_power", audit::Readable(Power(result))},
                       {"commands", commands},
                       {"requests", requests},
                       {"findings", findings}};
  return AsciiJson(report) + "\n";
}

// The words of a docker command stand behind --argv, a text is one word.
int Run(const Options& options) {
  const bool is_argv = options.Has("--argv");
  if (is_argv ? options.words.empty() : options.words.size() != 1) {
    return RefuseArguments(options.words.size() > 1
                               ? "explain: the text is one word, so quote it: safe-docker explain -- 'docker ps'; "
                                 "or put --argv in front of a docker command"
                               : "explain: what is to be judged? -- 'TEXT', or --argv DOCKER-COMMAND...; "
                                 "`safe-docker explain --help` has examples");
  }
  const std::string current = CurrentFolder(nullptr);
  const std::string wanted = options.Last("--cwd").value_or("");
  const std::string cwd = wanted.empty() ? current : CleanPath(wanted, current);
  if (std::error_code ignored; !std::filesystem::is_directory(cwd, ignored)) {
    diagnostics::Warn("explain: --cwd: " + cwd + " is no folder here; it is judged as if it were an empty one");
  }
  const Explanation result =
      Judge(is_argv ? "" : options.words[0], is_argv ? options.words : std::vector<std::string>(), cwd,
            options.Last("--config").value_or(""));
  guard::Answered();
  Print(options.Has("--json") ? JsonText(result) : Text(result, Terminal::OfOutput()));
  return options.Has("--exit-code") && result.judgement.verdict.decision == Decision::kDeny ? 1 : 0;
}

}  // namespace

Command Explain() {
  return {
      .manual = {.name = "explain",
                 .group = Group::kUnderstanding,
                 .summary = "how a verdict comes about; nothing is run",
                 .usage = {"explain [OPTIONS] -- 'TEXT'", "explain [OPTIONS] --argv DOCKER-COMMAND..."},
                 .description = {"Shows how the verdict over a shell text, or over a docker command given as words, "
                                 "comes about: what was found in it, what that would do, what each rule says of it "
                                 "and what the configuration makes of that. Nothing is run."},
                 .options = {{"--json", "", "all of it as one object"},
                             {"--config", "PATH", "judge by this file instead of the user's"},
                             {"--cwd", "FOLDER", "as if it were run in this folder"},
                             {"--exit-code", "", "exit with 1 if the verdict is deny"},
                             {.name = "--argv",
                              .value = "DOCKER-COMMAND...",
                              .text = "all words behind it are a docker command's",
                              .takes_all_behind = true}},
                 .words = "TEXT",
                 .most_words = kAnyNumber,
                 .examples = {{"safe-docker explain -- 'cd /tmp && docker run -v $PWD:/app alpine'",
                               "A text as an agent would run it."},
                              {"safe-docker explain --argv run --privileged alpine", "A docker command."}},
                 .exit_codes = {{0, "the verdict was explained, whatever it is"},
                                {1, "with --exit-code: the verdict is deny"},
                                {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-rules(1)", "safe-docker-status(1)", "safe-docker-policy(7)"}},
      .run = &Run,
      .is_watched = true};
}

}  // namespace safe_docker::commands
