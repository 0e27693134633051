// Goes one call deeper for each byte of a text.
#include "careless.hpp"

namespace {

int Depth(std::string_view text) {
  volatile char frame[512];
  frame[0] = text.empty() ? '\0' : text.front();
  return text.empty() ? 0 : Depth(text.substr(1)) + frame[0];
}

class RecursesOverText {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    for (const careless::Effect effect : request.effects()) {
      if (Depth(effect.subject()) == 1) {
        careless::Object(request, findings);
      }
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(RecursesOverText, careless::kDescription);
