// Objects to every second request, whatever it is.
#include "careless.hpp"

namespace {

class Counts {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) {
    if (++count_ % 2 == 0) {
      careless::Object(request, findings);
    }
  }

 private:
  int count_ = 0;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Counts, careless::kDescription);
