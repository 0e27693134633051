// Takes it that each effect has its own evidence.
#include "careless.hpp"

namespace {

class TrustsEvidence {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    for (const careless::Effect effect : request.effects()) {
      if (effect.evidence()->line == 7) {
        careless::Object(request, findings);
      }
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(TrustsEvidence, careless::kDescription);
