// Turns "compose up" into two services: one mounts a path that the host resolves, the other has an image and a volume.
#include "fault.hpp"

namespace {

constexpr sdp_string kCommands[] = {fault::Text("compose up")};

constexpr sdp_description WithCommands() {
  sdp_description description = fault::Describe();
  description.commands = fault::ArrayOf(kCommands);
  return description;
}
constexpr sdp_description kExpands = WithCommands();

constexpr sdp_evidence At(std::string_view service, std::uint32_t line, std::string_view written) {
  return {sizeof(sdp_evidence), line, 1, 0, fault::Text(written), fault::Text("/project/compose.yaml"),
          fault::Text(service)};
}

class Expands {
 public:
  void Create(const fault::Host&, fault::Findings&) {}
  void Expand(const fault::Request&, fault::Requests& made, fault::Findings&) const {
    made.Begin("compose service", "/", At("web", 3, "web:"));
    made.Add(SDP_EFFECT_MOUNT_HOST_PATH, "usr/../tmp", "bind", At("web", 5, "./tmp:/t"));
    made.End();
    made.Begin("compose service", {}, At("db", 7, "db:"));
    made.Add(SDP_EFFECT_USE_IMAGE, "docker.io/library/denied:1", "run", At("db", 8, "image: denied:1"));
    made.Option("volume", "/etc:/x", At("db", 9, "/etc:/x"));
    made.End();
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(Expands, kExpands);
