// Begins a request and does not end it.
#include "fault.hpp"

namespace {

class Unfinished {
 public:
  void Create(const fault::Host&, fault::Findings&) {}
  void Expand(const fault::Request& request, fault::Requests& made, fault::Findings&) const {
    made.Begin("compose service", {}, *request.evidence());
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(Unfinished, fault::kDescription);
