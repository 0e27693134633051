// Cannot be made ready again after it was ended.
#include "careless.hpp"

namespace {

bool started = false;

class StartsOnce {
 public:
  void Create(const careless::Host&, careless::Findings& findings) {
    if (started) {
      findings.Fail("it was there before");
    }
    started = true;
  }
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(StartsOnce, careless::kDescription);
