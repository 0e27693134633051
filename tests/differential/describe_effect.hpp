// One effect as JSON, for the programs that say what this project reads.
#pragma once

#include <nlohmann/json.hpp>

#include "docker/request.hpp"

namespace safe_docker::docker {

nlohmann::json DescribeEffect(const Effect& effect);

}  // namespace safe_docker::docker
