// What `compose down --volumes` destroys: the volumes that the project itself has made, whichever services are on.
#pragma once

#include <string_view>

#include "writer.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// Writes one request with an effect for each volume; none if there are no such volumes.
void WriteDestroyedVolumes(const Node& model, std::string_view project, std::string_view command, Writer& out);

}  // namespace safe_docker::compose
