// Which docker the shell will find: a PATH that the judged text has changed may lead to another program of the same
// name, or to one that is put there first, since a folder that is not absolute can be filled by anyone.
#pragma once

#include "command_line.hpp"
#include "docker/request.hpp"

namespace safe_docker::docker {

// Adds an effect if the PATH that the text itself has set leads to another program than the usual one.
void AddOtherPath(const CommandLine& line, Request* request);

}  // namespace safe_docker::docker
