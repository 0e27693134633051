// Has a rule that is weaker in a stricter profile.
#include "careless.hpp"

namespace {

constexpr sdp_rule kWrong[] = {
    careless::Rule(SDP_ASK, SDP_DENY, SDP_ASK, {"found", "what it finds", "why that matters", ""})};
constexpr sdp_description Wrong() {
  sdp_description description = careless::Describe();
  description.rules = careless::ArrayOf(kWrong);
  return description;
}
constexpr sdp_description kDescribed = Wrong();

class LoosensStrict {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(LoosensStrict, kDescribed);
