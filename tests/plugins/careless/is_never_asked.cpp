// Wants effects that its command never has.
#include "careless.hpp"

namespace {

constexpr sdp_string kCommands[] = {careless::Text("container ls")};
constexpr sdp_description Wrong() {
  sdp_description description = careless::Describe();
  description.commands = careless::ArrayOf(kCommands);
  description.effects = careless::Bit(SDP_EFFECT_SET_SYSCTL);
  return description;
}
constexpr sdp_description kDescribed = Wrong();

class IsNeverAsked {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(IsNeverAsked, kDescribed);
