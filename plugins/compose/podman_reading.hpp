// Where podman-compose reads a file otherwise than compose does: variables that a map's own environment defines, keys
// with variables, homes of other users. Compares what both make of each text; models nothing further.
#pragma once

#include <string_view>
#include <vector>

#include "variables.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// A place that the two read differently.
struct Difference {
  std::string_view what;
  std::string_view why;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// Those of one document, as it stands in its file. `variables` are what podman-compose replaces there.
std::vector<Difference> PodmanDifferences(const Node& document, const Variables& variables);

// True if a line of the env file `content` parts name and value by a colon, which only compose understands.
bool HasColonLines(std::string_view content);

}  // namespace safe_docker::compose
