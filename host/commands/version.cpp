#include <cstdio>

#include "commands/commands.hpp"

namespace safe_docker::commands {

void PrintVersion() { std::puts("safe-docker " SAFE_DOCKER_VERSION); }

}  // namespace safe_docker::commands
