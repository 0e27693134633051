// Has a schema that is no JSON.
#include "careless.hpp"

namespace {

constexpr sdp_description kDescribed = careless::Describe("{'type': 'object'}");

class HasNoSchema {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(HasNoSchema, kDescribed);
