// Keeps a piece of memory of each call.
#include <cstdlib>

#include "careless.hpp"

namespace {

class LeaksMemory {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) { last_ = std::malloc(64); }

 private:
  void* last_ = nullptr;
};

}  // namespace

SAFE_DOCKER_PLUGIN(LeaksMemory, careless::kDescription);
