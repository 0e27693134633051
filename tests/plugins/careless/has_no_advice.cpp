// Objects, and does not say what would be allowed.
#include "careless.hpp"

namespace {

class HasNoAdvice {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    careless::Object(request, findings, "it is there", {});
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(HasNoAdvice, careless::kDescription);
