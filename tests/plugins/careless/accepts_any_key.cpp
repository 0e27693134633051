// Has a schema that lets misspelt keys through.
#include "careless.hpp"

namespace {

constexpr sdp_description kDescribed =
    careless::Describe(R"({"type": "object", "properties": {"name": {"type": "string"}}})");

class AcceptsAnyKey {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(AcceptsAnyKey, kDescribed);
