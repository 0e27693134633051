// What is tried out, and the room that it is tried out in.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "conformance/isolated.hpp"

namespace safe_docker::conformance {

struct Subject {
  std::string path;                        // absolute
  std::optional<nlohmann::json> settings;  // that the user gave; else what its schema has as examples
  std::string folder;                      // of a project with the files that commands read
  Limits limits;
};

}  // namespace safe_docker::conformance
