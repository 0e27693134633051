// What people and agents ask of docker all day, and some of what they should not: command lines, read by the host's own
// grammar, in a project that has the files which they name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"

namespace safe_docker::conformance {

// Writes the project's files into `folder`, which is there and empty.
void WriteProject(const std::string& folder);

// The requests of all command lines, run in `folder`.
std::vector<docker::Request> OrdinaryRequests(const std::string& folder);

// What is wrong with a pattern of commands that a plugin wants, or nothing. One that is no command's canonical path
// would never be asked.
std::string CheckCommandPattern(std::string_view pattern);

}  // namespace safe_docker::conformance
