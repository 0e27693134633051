// Programs that reach an engine, what lies below it, or the host's own namespaces past docker's command line: curl and
// the like with an engine's socket, ctr, runc, nsenter. Whatever such a program does elsewhere is no request at all.
#pragma once

#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "docker/request.hpp"

namespace safe_docker::docker {

// True for the base name of such a program. Most of them do other work all day: a text that nobody can read is no more
// suspicious for holding one.
bool IsRawClient(std::string_view base_name);

// The requests that `line` makes of an engine; none if it makes none. The first word is the program.
std::vector<Request> ReadRawClient(const CommandLine& line);

}  // namespace safe_docker::docker
