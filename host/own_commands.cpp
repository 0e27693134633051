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

bool IsPlugin(std::string_view next) { return next == "new" || next == "check"; }

// Whatever docker's own trust does not have.
bool IsTrust(std::string_view next) {
  constexpr std::string_view kOfDocker[] = {"inspect", "key", "revoke", "sign", "signer"};
  return std::find(std::begin(kOfDocker), std::end(kOfDocker), next) == std::end(kOfDocker);
}

constexpr OwnCommand kCommands[] = {
    {"audit", &Always, &Never},          {"check-config", &Always, &Never}, {"config", &IsConfig, &IsInit},
    {"doctor", &Always, &Never},         {"explain", &Always, &Never},      {"hook", &Always, &Never},
    {"plugins", &IsAlone, &Never},       {"plugin", &IsPlugin, &Never},     {"rules", &Always, &Never},
    {"status", &Always, &Never},         {"test", &Always, &Never},         {"trust", &IsTrust, &Always},
    {"--check-config", &Always, &Never}, {"--help", &Always, &Never},       {"-h", &Always, &Never},
    {"--version", &Always, &Never},
};

}  // namespace

const OwnCommand* FindOwnCommand(std::string_view name, std::string_view next) {
  const auto* const found = std::find_if(std::begin(kCommands), std::end(kCommands), [&](const OwnCommand& command) {
    return command.name == name && command.is_ours(next);
  });
  return found == std::end(kCommands) ? nullptr : found;
}

}  // namespace safe_docker
