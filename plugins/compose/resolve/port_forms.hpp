// The canonical form of a service's ports: one map for each, ranges taken apart.
#pragma once

#include <span>

#include "canonical.hpp"

namespace safe_docker::compose {

Value Ports(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner);

}  // namespace safe_docker::compose
