// Has a version that is no semantic one.
#include "careless.hpp"

namespace {

constexpr sdp_description Wrong() {
  sdp_description description = careless::Describe();
  description.version = careless::Text("v1");
  return description;
}
constexpr sdp_description kDescribed = Wrong();

class HasNoVersion {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(HasNoVersion, kDescribed);
