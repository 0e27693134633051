// Sets a variable of the process.
#include <cstdlib>

#include "careless.hpp"

namespace {

class ChangesEnvironment {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const { setenv("CARELESS", "1", 1); }
};

}  // namespace

SAFE_DOCKER_PLUGIN(ChangesEnvironment, careless::kDescription);
