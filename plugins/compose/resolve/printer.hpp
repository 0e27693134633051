// Prints a resolved project as YAML or JSON, as `docker compose config` does: a dollar sign is doubled, so that what is
// printed is a compose file that means the same.
#pragma once

#include <string>

#include "value.hpp"

namespace safe_docker::compose {

std::string PrintYaml(const Value& value);
std::string PrintJson(const Value& value);

}  // namespace safe_docker::compose
