// Throws before it is ready.
#include <stdexcept>

#include "fault.hpp"

namespace {

class Throws {
 public:
  void Create(const fault::Host&, fault::Findings&) { throw std::runtime_error("thrown"); }
  void Check(const fault::Request&, fault::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(Throws, fault::kDescription);
