// The person's door: stands in for docker, judges the words it was given, asks on the terminal where that is wanted,
// and then becomes the real docker.
#pragma once

#include <string>
#include <vector>

namespace safe_docker::modes {

// What stood in front of docker's own words.
struct WrapperOptions {
  bool dry_run = false;
  bool verbose = false;
  std::string docker_path;
  bool by_own_name = false;  // called as safe-docker, not as docker
};

// Judges `program` ("docker" or "docker-compose") with `arguments` and runs it if that is allowed. Returns the exit
// code if it does not: 1 for deny.
int RunWrapper(const std::string& program, const std::vector<std::string>& arguments, const WrapperOptions& options);

}  // namespace safe_docker::modes
