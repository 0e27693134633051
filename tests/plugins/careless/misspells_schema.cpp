// Has a schema with a word that nobody heeds.
#include "careless.hpp"

namespace {

constexpr sdp_description kDescribed = careless::Describe(
    R"({"type": "object", "properties": {"n": {"type": "integer", "minimun": 1}}, "additionalProperties": false})");

class MisspellsSchema {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(MisspellsSchema, kDescribed);
