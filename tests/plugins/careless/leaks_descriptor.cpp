// Opens a file and does not close it.
#include <fcntl.h>

#include "careless.hpp"

namespace {

class LeaksDescriptor {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) {
    if (descriptor_ < 0) {
      descriptor_ = open("/dev/null", O_RDONLY);
    }
  }

 private:
  int descriptor_ = -1;
};

}  // namespace

SAFE_DOCKER_PLUGIN(LeaksDescriptor, careless::kDescription);
