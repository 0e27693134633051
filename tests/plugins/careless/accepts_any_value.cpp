// Has a schema that lets any value through.
#include "careless.hpp"

namespace {

constexpr sdp_description kDescribed =
    careless::Describe(R"({"type": "object", "properties": {"name": {}}, "additionalProperties": false})");

class AcceptsAnyValue {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(AcceptsAnyValue, kDescribed);
