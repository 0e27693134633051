// Takes it that a text has a first byte.
#include "careless.hpp"

namespace {

class TrustsTexts {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    for (const careless::Effect effect : request.effects()) {
      if (effect.raw().options.data[0] == '!') {
        careless::Object(request, findings);
      }
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(TrustsTexts, careless::kDescription);
