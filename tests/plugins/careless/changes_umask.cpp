// Changes the umask.
#include <sys/stat.h>

#include "careless.hpp"

namespace {

class ChangesUmask {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const { umask(0123); }
};

}  // namespace

SAFE_DOCKER_PLUGIN(ChangesUmask, careless::kDescription);
