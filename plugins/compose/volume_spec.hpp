// The short syntax of a service's volumes, taken apart as compose does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::compose {

// The parts of "SOURCE:TARGET:OPTIONS"; a colon behind a single letter belongs to a Windows drive.
std::vector<std::string_view> SplitVolume(std::string_view spec);

// The pieces of `text` between separators; nothing has none.
std::vector<std::string_view> SplitAt(std::string_view text, char separator);

// True for shared, slave, private and their recursive forms.
bool IsPropagation(std::string_view option);

// True for a drive letter with a colon, and for a share.
bool IsWindowsPath(std::string_view source);

// True if the source is a path and not the name of a volume.
bool IsPathOfVolume(std::string_view source);

// The target as it is compared and printed.
std::string CleanTarget(std::string_view target);

}  // namespace safe_docker::compose
