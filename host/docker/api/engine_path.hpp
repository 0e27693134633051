// The targets of Engine API requests, taken apart as the engine's router does: percent-encoding, the version in front,
// parameters. Knows no routes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safe_docker::docker {

// Where a target leads, as the engine routes it.
struct EnginePath {
  std::string path;     // decoded, without host, version and query
  std::string version;  // "1.45"; empty if there is none
  std::string query;    // as sent
};

// Nothing if the target is malformed.
std::optional<EnginePath> ReadEnginePath(std::string_view target);

// True if the first part of a path is one of the engine's ("/containers/..."), whoever may have others of that name.
bool NamesEngineObjects(std::string_view path);

// True for "//", "/./" and "/../": the router answers such a path with another address.
bool IsUncleanPath(std::string_view path);

// The minor number of a version 1; large for later ones, -1 for what is none.
int EngineMinor(std::string_view version);

using EngineParameter = std::pair<std::string, std::string>;

// The parameters of a query, decoded. Nothing if it is malformed.
std::optional<std::vector<EngineParameter>> ReadEngineQuery(std::string_view query);

}  // namespace safe_docker::docker
