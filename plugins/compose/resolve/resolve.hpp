// The whole project as `docker compose config` would print it: the services that are switched on or named, each in
// canonical form with its environment, and of the other sections what they use.
#pragma once

#include <safe_docker/checker.hpp>

#include "project.hpp"
#include "value.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// Throws Failure for what compose would refuse, and for what cannot be read here.
Value ResolveProject(const plugin::Host& host, const CommandLine& line, Arena& arena);

}  // namespace safe_docker::compose
