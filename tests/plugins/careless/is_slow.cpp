// Takes two milliseconds for each call.
#include <unistd.h>

#include "careless.hpp"

namespace {

class IsSlow {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) const { usleep(2000); }
};

}  // namespace

SAFE_DOCKER_PLUGIN(IsSlow, careless::kDescription);
