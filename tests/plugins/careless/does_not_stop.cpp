// Goes on reporting when the host has heard enough.
#include "careless.hpp"

namespace {

class DoesNotStop {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    for (int i = 0; i < 120; ++i) {
      careless::Object(request, findings);
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(DoesNotStop, careless::kDescription);
