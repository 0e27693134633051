#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/terminal.hpp"
#include "diagnostics.hpp"
#include "file_system.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "policy/project_file.hpp"
#include "sha256.hpp"

namespace safe_docker::commands {
namespace {

using modes::Printable;
using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLargestFile = 1 << 20;

// The lines of the file that loosen something, as `status` has them; and what is wrong with it.
policy::LoadedConfig ReadAsTrusted(const std::string& text, const std::string& path, const std::string& home) {
  policy::LoadedConfig loaded;
  loaded.config = policy::DefaultConfig(home);
  policy::ReadingOptions options;
  options.record_contributions = true;
  policy::ApplyConfigText(text, path, home, options, &loaded, policy::Author::kTrustedProject);
  return loaded;
}

std::vector<policy::Contribution> WhatItLoosens(const policy::LoadedConfig& loaded) {
  std::vector<policy::Contribution> lines;
  std::copy_if(loaded.contributions.begin(), loaded.contributions.end(), std::back_inserter(lines),
               [](const policy::Contribution& line) { return line.kind == policy::Contribution::Kind::kLoosens; });
  return lines;
}

std::string AsText(const std::vector<policy::Contribution>& lines) {
  std::string text;
  for (const policy::Contribution& line : lines) {
    text += "  line " + std::to_string(line.place.line) + ": " + Printable(line.key + " = " + line.value) + "\n";
  }
  return text;
}

std::string AsJson(const std::string& path, bool is_trusted, const std::vector<policy::Contribution>& lines) {
  Json loosens = Json::array();
  for (const policy::Contribution& line : lines) {
    loosens.push_back(
        {{"line", line.place.line}, {"key", line.key}, {"value", Json::parse(line.value, nullptr, false)}});
  }
  return AsciiJson(Json{{"path", path}, {"trusted", is_trusted}, {"loosens", loosens}}) + "\n";
}

// Whether what was trusted is still what lies there.
std::string_view StateOf(const policy::TrustRecord& record) {
  const FileContent content = ReadRegularFile(record.path, kLargestFile);
  return content.status == FileContent::Status::kMissing ? "missing"
         : content.status == FileContent::Status::kRead && Sha256Hex(content.text) == record.sha256
             ? "trusted"
             : "changed since, so not trusted";
}

int ListTrusted(bool as_json, const Environment& environment) {
  Json list = Json::array();
  std::string text;
  for (const policy::TrustRecord& record : policy::TrustRecords(environment)) {
    const std::string_view state = StateOf(record);
    list.push_back(
        {{"path", record.path}, {"sha256", record.sha256}, {"trusted", state == "trusted"}, {"state", state}});
    text += Printable(record.path) + "  (" + std::string(state) + ")\n";
  }
  Print(as_json ? AsciiJson(list) + "\n" : text.empty() ? "No project's file is trusted.\n" : text);
  return 0;
}

// What the person types on the terminal; false if there is none.
bool Confirms(std::string_view question) {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) {
    return false;
  }
  const bool is_asked = write(terminal, question.data(), question.size()) == static_cast<ssize_t>(question.size());
  std::string answer;
  char letter = '\0';
  while (is_asked && read(terminal, &letter, 1) == 1 && letter != '\n') {
    answer += letter;
  }
  close(terminal);
  return letter == '\n' && (answer == "y" || answer == "Y" || answer == "yes");
}

int TrustFile(const std::string& path, const Options& options, const Environment& environment) {
  const FileContent content = ReadRegularFile(path, kLargestFile);
  if (content.status != FileContent::Status::kRead) {
    return RefuseArguments(path + ": " +
                           (content.status == FileContent::Status::kMissing ? "there is no such file" : content.error));
  }
  const std::string hash = Sha256Hex(content.text);
  const policy::LoadedConfig loaded = ReadAsTrusted(content.text, path, environment.GetOr("HOME", ""));
  for (const policy::Problem& problem : loaded.problems) {
    const bool is_error = problem.severity == policy::Problem::Severity::kError;
    diagnostics::Log(is_error ? diagnostics::Level::kError : diagnostics::Level::kWarning, Describe(problem));
  }
  if (loaded.has_errors()) {
    return RefuseArguments(path + " has errors, so it cannot be trusted; mend them first");
  }
  const std::vector<policy::Contribution> loosened = WhatItLoosens(loaded);
  const bool is_trusted = policy::IsTrusted(environment, path, hash);
  if (options.Has("--json")) {
    Print(AsJson(path, is_trusted, loosened));
    return 0;
  }
  if (loosened.empty()) {
    Print(Printable(path) + " loosens nothing: it counts as it is, and needs no trust.\n");
    return 0;
  }
  Print(Printable(path) + (is_trusted ? " is trusted, and loosens:\n" : " would loosen:\n") + AsText(loosened));
  if (options.Has("--show") || is_trusted) {
    return 0;
  }
  if (isatty(STDIN_FILENO) == 0) {
    return RefuseArguments("only a person at a terminal can trust a file");
  }
  if (!Confirms("Trust it, as long as it stays exactly so? [y/N] ")) {
    Print("Not trusted.\n");
    return 1;
  }
  // What was shown is what is trusted: the hash is that of the text above.
  if (const std::string problem = policy::Trust(environment, path, hash); !problem.empty()) {
    return RefuseArguments("cannot be remembered: " + problem);
  }
  Print("Trusted: " + Printable(path) + "\n");
  return 0;
}

int Run(const Options& options) {
  const Environment environment = modes::ProcessEnvironment();
  if (options.Has("--list")) {
    return ListTrusted(options.Has("--json"), environment);
  }
  if (options.Has("--json") && !options.Has("--show")) {
    return RefuseArguments("trust: --json goes with --show or --list; only a person can trust a file");
  }
  const std::string folder = CurrentFolder(nullptr);
  std::string path;
  if (options.words.empty()) {
    path = policy::FindProjectFile(folder, environment.GetOr("HOME", ""));
  } else {
    path = ResolvePath(CleanPath(options.words[0], folder), "/").resolved;
    path +=
        path.ends_with("/" + std::string(policy::kProjectFileName)) ? "" : "/" + std::string(policy::kProjectFileName);
  }
  if (path.empty()) {
    return RefuseArguments("there is no " + std::string(policy::kProjectFileName) + " from " + folder +
                           " upwards, inside your home; name a project: safe-docker trust PATH");
  }
  if (options.Has("--remove")) {
    const std::string shown = Printable(path);
    Print(policy::Distrust(environment, path) ? "No longer trusted: " + shown + "\n" : shown + " was not trusted.\n");
    return 0;
  }
  return TrustFile(path, options, environment);
}

}  // namespace

Command Trust() {
  return {
      .manual = {.name = "trust",
                 .group = Group::kConfiguring,
                 .summary = "let a project's .safe-docker.toml allow what it says",
                 .usage = {"trust [--show [--json] | --remove] [PATH]", "trust --list [--json]"},
                 .description = {"Lets the project's .safe-docker.toml (the nearest upwards, or PATH) allow what it "
                                 "says, as long as it stays exactly as it is now. What makes things stricter counts "
                                 "without. Only a person at a terminal can do this."},
                 .options = {{"--show", "", "tell what the file would loosen; ask nothing"},
                             {"--remove", "", "trust it no more"},
                             {"--list", "", "list what is trusted, and whether it is still the same"},
                             {"--json", "", "with --show: one JSON object; with --list: a JSON array"}},
                 .words = "PATH",
                 .most_words = 1,
                 .examples = {{"safe-docker trust --show", "What the project would loosen."},
                              {"safe-docker trust ~/project", "Read it, then say yes or no."}},
                 .exit_codes = {{0, "the file is trusted now (or no more), or needs no trust"},
                                {1, "the answer was no"},
                                {2, "it was called wrongly, or the file cannot be trusted"}},
                 .see_also = {"safe-docker-status(1)", "safe-docker-policy(7)"}},
      .run = &Run};
}

}  // namespace safe_docker::commands
