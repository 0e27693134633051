// The program behind safe-docker's own commands: what a person types besides docker commands. It lies among the
// helpers; safe-docker becomes it.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "commands/commands.hpp"
#include "commands/options.hpp"
#include "guard.hpp"

namespace {

using namespace safe_docker;

// For the commands that look at plugins, which may crash or hang.
constexpr std::chrono::milliseconds kDeadline{8000};

struct Command {
  std::string_view name;
  int (*run)(const std::vector<std::string>& arguments);  // those behind the name
  bool has_deadline;
};
constexpr Command kCommands[] = {
    {"audit", &commands::Audit, false},        {"check-config", &commands::CheckConfig, true},
    {"config", &commands::Config, true},       {"explain", &commands::Explain, true},
    {"plugins", &commands::ListPlugins, true}, {"rules", &commands::Rules, true},
    {"status", &commands::Status, true},       {"test", &commands::Test, true},
    {"trust", &commands::Trust, false},
};

// `--check-config`, also behind `--config PATH`, is what check-config was called first.
std::vector<std::string> WithCheckConfigInFront(std::vector<std::string> arguments) {
  const auto found = std::find(arguments.begin(), arguments.end(), "--check-config");
  if (found != arguments.end() && !arguments.empty() && arguments[0].starts_with("--")) {
    arguments.erase(found);
    arguments.insert(arguments.begin(), "check-config");
  }
  return arguments;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments = WithCheckConfigInFront({argv + (argc > 0 ? 1 : 0), argv + argc});
  for (const Command& command : kCommands) {
    if (arguments.empty() || command.name != arguments[0]) {
      continue;
    }
    if (command.has_deadline) {
      guard::Install(guard::Answer::kWrapper, kDeadline);
    }
    const int code = command.run({arguments.begin() + 1, arguments.end()});
    // Half an answer is none, whatever it says.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      return commands::RefuseArguments(std::string("the output could not be written: ") + std::strerror(errno));
    }
    return code;
  }
  return commands::RefuseArguments("this program is called by safe-docker, which knows the commands");
}
