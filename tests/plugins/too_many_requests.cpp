// Does not stop making requests before it is stopped.
#include "fault.hpp"

namespace {

class Endless {
 public:
  void Create(const fault::Host&, fault::Findings&) {}
  void Expand(const fault::Request& request, fault::Requests& made, fault::Findings&) const {
    while (made.Begin("compose service", {}, *request.evidence()) && made.End()) {
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(Endless, fault::kDescription);
