// Wants a command by the name that people type.
#include "careless.hpp"

namespace {

constexpr sdp_string kCommands[] = {careless::Text("run")};
constexpr sdp_description Wrong() {
  sdp_description description = careless::Describe();
  description.commands = careless::ArrayOf(kCommands);
  return description;
}
constexpr sdp_description kDescribed = Wrong();

class WantsAlias {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
};

}  // namespace

SAFE_DOCKER_PLUGIN(WantsAlias, kDescribed);
