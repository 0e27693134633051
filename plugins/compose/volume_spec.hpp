// The short syntax of a service's volumes: "SOURCE:TARGET:OPTIONS".
#pragma once

#include <string_view>
#include <vector>

#include "arena.hpp"

namespace safe_docker::compose {

// The parts of `spec`, as compose splits it: a colon behind a single letter belongs to a Windows drive.
std::vector<std::string_view> SplitSpec(std::string_view spec);

std::string_view VolumeTarget(std::string_view spec);

// What makes a target the same as another one: of several such volumes the last one counts.
std::string_view VolumeKey(std::string_view target, Arena& arena);

}  // namespace safe_docker::compose
