// PATH, as a shell searches it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::modes {

// Its folders in order; an empty one is the folder that one works in.
std::vector<std::string> FoldersInPath(const Environment& environment);

// The path of the first program of that name in `folders`, as the shell would start it; empty if there is none.
std::string FindProgram(std::string_view name, const std::vector<std::string>& folders);

// How safe-docker is started: the first one in PATH that is this very installation, by the name that it has there,
// which stays when a package manager puts another version behind it; else where it lies.
std::string FindSafeDocker(const Environment& environment);

}  // namespace safe_docker::modes
