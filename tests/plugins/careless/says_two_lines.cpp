// Reports a message of two lines.
#include "careless.hpp"

namespace {

class SaysTwoLines {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    careless::Object(request, findings, "one\ntwo");
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(SaysTwoLines, careless::kDescription);
