// Refuses its settings.
#include "fault.hpp"

namespace {

class Refuses {
 public:
  void Create(const fault::Host&, fault::Findings& findings) { findings.Fail("settings.colour is missing"); }
  void Check(const fault::Request&, fault::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(Refuses, fault::kDescription);
