// Needs the C++ runtime library of the machine.
#include <string>

#include "careless.hpp"

namespace {

class NeedsLibstdcxx {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    careless::Object(request, findings, std::string("text") + std::to_string(request.effects().size()));
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(NeedsLibstdcxx, careless::kDescription);
