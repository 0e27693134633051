// Changes the working directory.
#include <unistd.h>

#include "careless.hpp"

namespace {

class ChangesFolder {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    if (chdir("/") != 0) {
      careless::Object(request, findings);
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(ChangesFolder, careless::kDescription);
