// Leaves a child process running.
#include <unistd.h>

#include "careless.hpp"

namespace {

class LeavesChild {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) {
    if (!started_ && fork() == 0) {
      pause();
      _exit(0);
    }
    started_ = true;
  }

 private:
  bool started_ = false;
};

}  // namespace

SAFE_DOCKER_PLUGIN(LeavesChild, careless::kDescription);
