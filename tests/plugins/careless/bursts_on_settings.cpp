// Has no more room for a setting than anybody would need.
#include <cstdlib>

#include "careless.hpp"

namespace {

constexpr sdp_description kDescribed = careless::Describe(
    R"({"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": false})");

class BurstsOnSettings {
 public:
  void Create(const careless::Host& host, careless::Findings&) {
    if (host.SettingText("/name", {}).size() > 1000) {
      std::abort();
    }
  }
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(BurstsOnSettings, kDescribed);
