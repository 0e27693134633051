// Fails on what nobody can know, instead of objecting to it.
#include "careless.hpp"

namespace {

class RefusesUnknown {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    for (const careless::Effect effect : request.effects()) {
      if (effect.Is(SDP_EFFECT_UNRESOLVED) && effect.kind() == SDP_EFFECT_FETCH) {
        findings.Fail("cannot tell");
      }
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(RefusesUnknown, careless::kDescription);
