// What the env files and label files of a service add to it.
#pragma once

#include <safe_docker/checker.hpp>

#include "canonical.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// Reads the files that `service` names in `field` (env_file or label_file), and puts what they define below what
// `given`, a map of texts, holds itself. Throws Failure if one is required and cannot be read.
Value WithFiles(const plugin::Host& host, const Surroundings& around, const Node& service, std::string_view field,
                Value given, Arena& arena);

}  // namespace safe_docker::compose
