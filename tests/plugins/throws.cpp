// Throws from a check that is written on the SDK, which turns it into a failure.
#include <stdexcept>

#include "fault.hpp"

namespace {

class Throws {
 public:
  void Create(const fault::Host&, fault::Findings&) {}
  void Check(const fault::Request&, fault::Findings&) const { throw std::runtime_error("thrown"); }
};

}  // namespace

SAFE_DOCKER_PLUGIN(Throws, fault::kDescription);
