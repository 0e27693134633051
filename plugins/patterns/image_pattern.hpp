// Names of images, and patterns for them, read the way docker reads image names: "nginx" means
// "docker.io/library/nginx". In a pattern "*" stands for any characters but "/", "**" for any characters, and the whole
// name must match. A pattern without tag and digest fits every tag and digest.
#pragma once

#include <string_view>

namespace safe_docker::patterns {

// An image name or a pattern for some, in its parts. The full repository is HOST/FOLDER REPOSITORY; an empty host means
// that the repository's pattern spans it.
struct ImageName {
  std::string_view host;
  std::string_view folder;  // with its slash
  std::string_view repository;
  std::string_view tag;
  std::string_view digest;
};

// The parts of `text`, which must stay.
ImageName SplitImage(std::string_view text);

// True if `reference`, an image name in full, is one that `pattern` means.
bool MatchesImage(std::string_view pattern, std::string_view reference);

}  // namespace safe_docker::patterns
