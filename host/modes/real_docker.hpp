// Finds the docker that a wrapper stands in front of, and becomes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::modes {

struct RealDocker {
  std::string path;     // absolute; empty if there is none
  std::string problem;  // why not, and what to do
};

// The real `program` ("docker", "docker-compose"). An explicit path (from --docker-path, SAFE_DOCKER_DOCKER_PATH or the
// configuration, in this order) wins; else the first one in PATH that is not this very executable under another name.
RealDocker FindRealDocker(std::string_view program, std::string_view option_path, std::string_view config_path,
                          const Environment& environment);

// True if `path` leads to safe-docker itself: also through symbolic and hard links.
bool IsSafeDocker(const std::string& path);

// True for a file that can be run as a program.
bool IsProgram(const std::string& path);

// True if safe-docker has already handed over to a docker that turned out to be safe-docker again.
bool IsRecursion(const Environment& environment);

// Becomes `path` with `arguments` (the first is the program's name). Returns only if that fails, with the reason.
std::string Become(const std::string& path, const std::vector<std::string>& arguments, const Environment& environment);

}  // namespace safe_docker::modes
