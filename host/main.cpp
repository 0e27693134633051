// Which door: by the name that the program was called with, and by its first words.
#include <unistd.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/commands.hpp"
#include "diagnostics.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/hook.hpp"
#include "modes/wrapper.hpp"

namespace {

using namespace safe_docker;

// Until the configuration says otherwise.
constexpr std::chrono::milliseconds kDeadline{2000};
// For the commands that look at plugins, which may crash or hang, too.
constexpr std::chrono::milliseconds kToolDeadline{8000};

int Fail(const std::string& message) {
  diagnostics::Log(diagnostics::Level::kError, message);
  return 2;
}

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

int CheckConfig(const std::vector<std::string>& arguments) {
  std::string path;
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    const std::string& word = arguments[index];
    if (word == "--config" && index + 1 < arguments.size()) {
      path = arguments[++index];
    } else if (word.starts_with("--config=")) {
      path = word.substr(std::string_view("--config=").size());
    } else if (word != "--check-config") {
      return Fail("--check-config does not take '" + word + "'; usage: safe-docker --check-config [--config PATH]");
    }
  }
  guard::Install(guard::Answer::kWrapper, kToolDeadline);
  return commands::CheckConfig(path);
}

// True for --check-config, also behind --config PATH. Without it --config is docker's own option, and behind a docker
// command everything is docker's.
bool IsCheckConfig(const std::vector<std::string>& arguments) {
  const std::size_t at = arguments[0] == "--config" ? 2 : arguments[0].starts_with("--config=") ? 1 : 0;
  return arguments.size() > at && arguments[at] == "--check-config";
}

// Called by our own name. Our options stand only in front of docker's command: behind it every word is docker's.
int SafeDocker(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    return isatty(STDIN_FILENO) != 0 ? commands::PrintHelp() : Hook();
  }
  if (arguments[0] == "hook") {
    return Hook();
  }
  if (arguments[0] == "plugins" && arguments.size() == 1) {
    guard::Install(guard::Answer::kWrapper, kToolDeadline);
    return commands::ListPlugins();
  }
  if (arguments[0] == "audit") {
    return commands::Audit({arguments.begin() + 1, arguments.end()});
  }
  if (arguments[0] == "--help" || arguments[0] == "-h") {
    return commands::PrintHelp();
  }
  if (arguments[0] == "--version") {
    return commands::PrintVersion();
  }
  if (IsCheckConfig(arguments)) {
    return CheckConfig(arguments);
  }
  if (const std::optional<int> code = commands::ComposeResolve(arguments)) {
    return *code;
  }
  modes::WrapperOptions options;
  std::size_t at = 0;
  for (; at < arguments.size(); ++at) {
    constexpr std::string_view kDockerPath = "--docker-path=";
    if (arguments[at] == "--dry-run") {
      options.dry_run = true;
    } else if (arguments[at] == "--verbose") {
      options.verbose = true;
    } else if (arguments[at] == "--docker-path" && at + 1 < arguments.size()) {
      options.docker_path = arguments[++at];
    } else if (arguments[at].starts_with(kDockerPath)) {
      options.docker_path = arguments[at].substr(kDockerPath.size());
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
