// Does everything right: denies images that have "denied" in their name. The control of every other test.
#include "fault.hpp"

namespace {

constexpr sdp_description ForImages() {
  sdp_description description = fault::Describe();
  description.effects = fault::Bit(SDP_EFFECT_USE_IMAGE);
  return description;
}
constexpr sdp_description kForImages = ForImages();

class Sound {
 public:
  void Create(const fault::Host&, fault::Findings&) {}
  void Check(const fault::Request& request, fault::Findings& findings) const {
    for (const fault::Effect effect : request.effects()) {
      if (effect.kind() == SDP_EFFECT_USE_IMAGE && effect.subject().find("denied") != std::string_view::npos) {
        findings.Report("found", SDP_DENY, effect, fault::Message("the image ", effect.subject()), "Use another.");
      }
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(Sound, kForImages);
