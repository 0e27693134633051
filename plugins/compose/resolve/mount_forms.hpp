// The canonical forms of what is mounted into a service: volumes and devices.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "canonical.hpp"

namespace safe_docker::compose {

// The volumes of a service, each as a map with its type.
Value Mounts(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner);

// The devices of a service, each as a map of source, target and permissions.
Value Devices(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner);

// A file mode as compose prints it: in octal, with a zero in front. A number of a YAML file is decimal or octal by its
// own spelling; here it is decimal.
std::string FileMode(std::string_view decimal);

}  // namespace safe_docker::compose
