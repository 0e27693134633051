// What the words of a command line mean that are no options: the image and its command, the sides of a copy, the folder
// of a build. Which command takes which is data (ArgumentsRole in grammar.txt).
#pragma once

#include "docker/arguments.hpp"
#include "docker/request.hpp"

namespace safe_docker::docker {

void AddArgumentEffects(const Invocation& invocation, Request* request);

}  // namespace safe_docker::docker
