// Is linked so that its stack may be executed.
#include "careless.hpp"

namespace {

class WantsExecutableStack {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    careless::Object(request, findings);
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(WantsExecutableStack, careless::kDescription);
