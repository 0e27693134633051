// The short syntax of a service's volumes: "SOURCE:TARGET:OPTIONS".
#pragma once

#include <string_view>
#include <vector>

#include "yaml.hpp"

namespace safe_docker::compose {

// The parts of `spec`, as compose splits it: a colon behind a single letter belongs to a Windows drive.
std::vector<std::string_view> SplitSpec(std::string_view spec);

// The pieces of `text` between separators; nothing has none.
std::vector<std::string_view> SplitOptions(std::string_view text, char separator);

// True for shared, slave, private and their recursive forms.
bool IsPropagation(std::string_view option);

// True for a drive letter with a colon, and for a share.
bool IsWindowsPath(std::string_view source);

// True if the source is a path and not the name of a volume.
bool IsPathOfVolume(std::string_view source);

std::string_view VolumeTarget(std::string_view spec);

// What makes a target the same as another one: of several such volumes the last one counts.
std::string_view VolumeKey(std::string_view target, Arena& arena);

}  // namespace safe_docker::compose
