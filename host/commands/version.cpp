#include <cstdio>

#include "commands/commands.hpp"
#include "safe_docker/plugin.h"

namespace safe_docker::commands {

void PrintVersionAsJson() {
  std::printf("{\"name\": \"safe-docker\", \"version\": \"" SAFE_DOCKER_VERSION "\", \"plugin_abi\": \"%d.%d\"}\n",
              SDP_ABI_MAJOR, SDP_ABI_MINOR);
}

void PrintVersion() { std::puts("safe-docker " SAFE_DOCKER_VERSION); }

}  // namespace safe_docker::commands
