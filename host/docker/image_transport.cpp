// Image references of other tools than docker that say where the image lies instead of which registry has it:
// "docker-archive:FILE", "dir:FOLDER", "docker://registry/name".
#include <array>

#include "docker/effects.hpp"

namespace safe_docker::docker {
namespace {

enum class Place { kRegistry, kFile, kElsewhere };

struct Transport {
  std::string_view prefix;
  Place place;
};
constexpr std::array kTransports = {
    Transport{"docker://", Place::kRegistry},
    Transport{"dir:", Place::kFile},
    Transport{"oci:", Place::kFile},
    Transport{"oci-archive:", Place::kFile},
    Transport{"docker-archive:", Place::kFile},
    Transport{"sif:", Place::kFile},
    Transport{"tarball:", Place::kFile},
    Transport{"ostree:", Place::kElsewhere},
    Transport{"containers-storage:", Place::kElsewhere},
    Transport{"docker-daemon:", Place::kElsewhere},
    Transport{"ipfs://", Place::kElsewhere},
    Transport{"ipns://", Place::kElsewhere},
};

// The path of "oci-archive://PATH[:TAG]".
std::string_view PathOf(std::string_view text, std::string_view prefix) {
  if (text.starts_with("//")) {
    text.remove_prefix(2);
  }
  return prefix == "dir:" ? text : text.substr(0, text.find(':'));
}

}  // namespace

bool AddImageTransport(std::string_view reference, bool is_written, std::string_view use, const Evidence& evidence,
                       Request* request) {
  for (const Transport& transport : kTransports) {
    if (!reference.starts_with(transport.prefix)) {
      continue;
    }
    const std::string_view rest = reference.substr(transport.prefix.size());
    switch (transport.place) {
      case Place::kRegistry:
        AddImage(rest, use, evidence, request);
        break;
      case Place::kFile:
        AddOpenedPath(is_written ? SDP_EFFECT_WRITE_HOST_PATH : SDP_EFFECT_READ_HOST_PATH,
                      PathOf(rest, transport.prefix), "image", evidence, request);
        break;
      case Place::kElsewhere:
        AddUnknown("the image '" + std::string(reference) + "'", "it lies in another store than a registry", evidence,
                   request);
        break;
    }
    return true;
  }
  return false;
}

}  // namespace safe_docker::docker
