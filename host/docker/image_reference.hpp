// Image references as the engine completes them: "alpine" is "docker.io/library/alpine:latest".
#pragma once

#include <string>
#include <string_view>

namespace safe_docker::docker {

struct ImageReference {
  enum class Kind { kName, kId, kInvalid };
  Kind kind = Kind::kInvalid;
  std::string full;  // registry/path:tag or registry/path[:tag]@digest; the text itself for an id or an invalid one
};

// Completes `text`. A digest decides over a tag; a bare run of 64 hex digits is the id of a local image. Unknown parts
// are kept where they stand.
ImageReference CompleteImageReference(std::string_view text);

}  // namespace safe_docker::docker
