// Says goodbye on standard error.
#include <unistd.h>

#include "careless.hpp"

namespace {

class WritesInDestroy {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const {}
  ~WritesInDestroy() {
    if (write(STDERR_FILENO, "bye\n", 4) != 4) {
      _exit(1);
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(WritesInDestroy, careless::kDescription);
