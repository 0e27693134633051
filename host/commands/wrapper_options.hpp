// The options that safe-docker has in front of a docker command. The door parses them by these rows itself, since it
// may not be slower for it.
#pragma once

#include "commands/options.hpp"

namespace safe_docker::commands {

inline constexpr OptionSpec kDryRun = {"--dry-run", "", "print the decision and why; run nothing"};
inline constexpr OptionSpec kVerbose = {"--verbose", "", "also tell notes and tips"};
inline constexpr OptionSpec kDockerPath = {"--docker-path", "PATH", "the real docker"};

}  // namespace safe_docker::commands
