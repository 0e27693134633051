#include "own_commands.hpp"

#include <algorithm>
#include <iterator>

namespace safe_docker {
namespace {

bool Always(std::string_view) { return true; }
bool Never(std::string_view) { return false; }
bool IsAlone(std::string_view next) { return next.empty() || next.starts_with('-'); }
bool IsConfig(std::string_view next) {
  constexpr std::string_view kOurs[] = {"", "--help", "-h", "schema", "init", "sample", "reference"};
  return std::find(std::begin(kOurs), std::end(kOurs), next) != std::end(kOurs);
}
bool IsInit(std::string_view next) { return next == "init"; }

// docker writes them for powershell, too.
bool IsCompletion(std::string_view next) { return next == "bash" || next == "zsh" || next == "fish" || IsAlone(next); }

bool IsPlugin(std::string_view next) { return next == "new" || next == "check"; }

// Whatever docker's own trust does not have.
bool IsTrust(std::string_view next) {
  constexpr std::string_view kOfDocker[] = {"inspect", "key", "revoke", "sign", "signer"};
  return std::find(std::begin(kOfDocker), std::end(kOfDocker), next) == std::end(kOfDocker);
}

// A row a line.
// clang-format off
constexpr OwnCommand kCommands[] = {
    {"audit", &Always, &Never},
    {"check-config", &Always, &Never},
    {"completion", &IsCompletion, &Never},
    {"config", &IsConfig, &IsInit},
    {"doctor", &Always, &Never},
    {"explain", &Always, &Never},
    {"hook", &Always, &Never},
    {"manual", &Always, &Never},
    {"plugin", &IsPlugin, &Never},
    {"plugins", &IsAlone, &Never},
    {"rules", &Always, &Never},
    {"setup", &Always, &Always},
    {"status", &Always, &Never},
    {"test", &Always, &Never},
    {"trust", &IsTrust, &Always},
    {"--check-config", &Always, &Never},
    {"--help", &Always, &Never},
    {"-h", &Always, &Never},
    {"--version", &Always, &Never},
};
// clang-format on

}  // namespace

std::vector<std::string_view> OwnCommandNames() {
  std::vector<std::string_view> names;
  std::transform(std::begin(kCommands), std::end(kCommands), std::back_inserter(names),
                 [](const OwnCommand& command) { return command.name; });
  return names;
}

const OwnCommand* FindOwnCommand(std::string_view name, std::string_view next) {
  const auto* const found = std::find_if(std::begin(kCommands), std::end(kCommands), [&](const OwnCommand& command) {
    return command.name == name && command.is_ours(next);
  });
  return found == std::end(kCommands) ? nullptr : found;
}

}  // namespace safe_docker
