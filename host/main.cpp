// Which door: by the name that the program was called with, and by its first words.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/commands.hpp"
#include "commands/wrapper_options.hpp"
#include "diagnostics.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/executable.hpp"
#include "modes/hook.hpp"
#include "modes/wrapper.hpp"
#include "own_commands.hpp"

namespace {

using namespace safe_docker;

// Until the configuration says otherwise.
constexpr std::chrono::milliseconds kDeadline{2000};
int Hook() {
  guard::Install(guard::Answer::kHook, kDeadline);
  return modes::RunHook();
}

int Wrapper(const std::string& program, const std::vector<std::string>& arguments,
            const modes::WrapperOptions& options) {
  guard::Install(guard::Answer::kWrapper, kDeadline);
  diagnostics::SetVerbose(options.verbose);
  return modes::RunWrapper(program, arguments, options);
}

// `--check-config`, also behind `--config PATH`, is what check-config was called first. Without it --config is docker's
// own option, and behind a docker command everything is docker's.
bool IsCheckConfig(const std::vector<std::string>& arguments) {
  const std::size_t at = arguments[0] == "--config" ? 2 : arguments[0].starts_with("--config=") ? 1 : 0;
  return arguments.size() > at && arguments[at] == "--check-config";
}

bool IsHelp(std::string_view word) { return word == "--help" || word == "-h"; }

// True for the commands that are in a program of their own: they would make this one, which stands in front of every
// command, slower to start.
bool IsElsewhere(const std::vector<std::string>& arguments) {
  const std::string_view next = arguments.size() > 1 ? std::string_view(arguments[1]) : std::string_view{};
  return IsCheckConfig(arguments) || FindOwnCommand(arguments[0], next) != nullptr;
}

int BecomeCommands(const std::vector<std::string>& arguments) {
  diagnostics::Log(diagnostics::Level::kError, modes::BecomeHelper("commands", arguments));
  return 2;
}

// An agent's hook never reads from a terminal; a person would wait for ever.
int RefuseTerminal() {
  diagnostics::Log(diagnostics::Level::kError,
                   "hook: standard input is a terminal, but the hook reads an agent's JSON there: it is for the "
                   "settings of the agent; `safe-docker explain -- 'TEXT'` shows how a text is judged");
  return 2;
}

// Called by our own name. Our options stand only in front of docker's command: behind it every word is docker's.
int SafeDocker(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    return isatty(STDIN_FILENO) != 0 ? BecomeCommands({"--help"}) : Hook();
  }
  if (arguments[0] == "hook") {
    return arguments.size() > 1 && IsHelp(arguments[1]) ? BecomeCommands(arguments)
           : isatty(STDIN_FILENO) != 0                  ? RefuseTerminal()
                                                        : Hook();
  }
  if (arguments[0] == "--version" && arguments.size() == 1) {
    commands::PrintVersion();
    return 0;
  }
  if (IsElsewhere(arguments)) {
    return BecomeCommands(arguments);
  }
  if (const std::optional<int> code = commands::ComposeResolve(arguments)) {
    return *code;
  }
  modes::WrapperOptions options;
  options.by_own_name = true;
  std::size_t at = 0;
  for (; at < arguments.size(); ++at) {
    const std::string_view word = arguments[at];
    const std::size_t equals = std::min(word.find('='), word.size());
    if (word == commands::kDryRun.name) {
      options.dry_run = true;
    } else if (word == commands::kVerbose.name) {
      options.verbose = true;
    } else if (word == commands::kDockerPath.name && at + 1 < arguments.size()) {
      options.docker_path = arguments[++at];
    } else if (word.substr(0, equals) == commands::kDockerPath.name && equals < word.size()) {
      options.docker_path = word.substr(equals + 1);
    } else {
      break;
    }
  }
  return Wrapper("docker", {arguments.begin() + static_cast<std::ptrdiff_t>(at), arguments.end()}, options);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name(argc > 0 ? BaseName(argv[0]) : "safe-docker");
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (name == "docker" || name == "docker-compose") {
    return Wrapper(name, arguments, {});
  }
  return SafeDocker(arguments);
}
