// Patterns of the images that may be used, read the way docker reads image names: "nginx" means
// "docker.io/library/nginx". In a pattern "*" stands for any characters but "/", "**" for any characters, and the whole
// name must match. A pattern without tag and digest fits every tag and digest.
#pragma once

#include <string_view>

namespace safe_docker::images {

// True if `reference`, an image name in full, is one that `pattern` means.
bool Matches(std::string_view pattern, std::string_view reference);

}  // namespace safe_docker::images
