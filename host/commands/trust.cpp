#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "commands/commands.hpp"
#include "commands/terminal.hpp"
#include "file_system.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "policy/project_file.hpp"
#include "sha256.hpp"

namespace safe_docker::commands {
namespace {

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

std::string WhatItLoosens(const policy::LoadedConfig& loaded) {
  std::string text;
  for (const policy::Contribution& line : loaded.contributions) {
    if (line.kind == policy::Contribution::Kind::kLoosens) {
      text +=
          "  line " + std::to_string(line.place.line) + ": " + modes::Printable(line.key + " = " + line.value) + "\n";
    }
  }
  return text;
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

int TrustFile(const std::string& path, bool only_show, const Environment& environment) {
  const FileContent content = ReadRegularFile(path, kLargestFile);
  if (content.status != FileContent::Status::kRead) {
    return RefuseArguments(path + ": " +
                           (content.status == FileContent::Status::kMissing ? "there is no such file" : content.error));
  }
  const std::string hash = Sha256Hex(content.text);
  const policy::LoadedConfig loaded = ReadAsTrusted(content.text, path, environment.GetOr("HOME", ""));
  for (const policy::Problem& problem : loaded.problems) {
    Print(Describe(problem, Terminal::OfOutput().colors) + "\n");
  }
  if (loaded.has_errors()) {
    return RefuseArguments(path + " has errors, so it cannot be trusted");
  }
  const std::string loosened = WhatItLoosens(loaded);
  const bool is_trusted = policy::IsTrusted(environment, path, hash);
  if (loosened.empty()) {
    Print(path + " loosens nothing: it counts as it is, and needs no trust.\n");
    return 0;
  }
  Print(path + (is_trusted ? " is trusted, and loosens:\n" : " would loosen:\n") + loosened);
  if (only_show || is_trusted) {
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
  Print("Trusted: " + path + "\n");
  return 0;
}

int Run(const Options& options) {
  const Environment environment = modes::ProcessEnvironment();
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
    return RefuseArguments("there is no .safe-docker.toml from here upwards, inside your home");
  }
  if (options.Has("--remove")) {
    Print(policy::Distrust(environment, path) ? "No longer trusted: " + path + "\n" : path + " was not trusted.\n");
    return 0;
  }
  return TrustFile(path, options.Has("--show"), environment);
}

}  // namespace

Command Trust() {
  return {
      .manual = {.name = "trust",
                 .group = Group::kConfiguring,
                 .summary = "let a project's .safe-docker.toml allow what it says",
                 .usage = {"trust [--show | --remove] [PATH]"},
                 .description = {"Lets the project's .safe-docker.toml (the nearest upwards, or PATH) allow what it "
                                 "says, as long as it stays exactly as it is now. What makes things stricter counts "
                                 "without. Only a person at a terminal can do this."},
                 .options = {{"--show", "", "tell what the file would loosen; ask nothing"},
                             {"--remove", "", "trust it no more"}},
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
