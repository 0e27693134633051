// Has examples that do not fit its own schema.
#include "careless.hpp"

namespace {

constexpr sdp_description kDescribed = careless::Describe(
    R"({"type": "object", "properties": {"n": {"type": "integer", "default": "1"}}, "additionalProperties": false})");

class BreaksOwnSchema {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(BreaksOwnSchema, kDescribed);
