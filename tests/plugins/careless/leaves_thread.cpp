// Leaves a thread running.
#include <pthread.h>
#include <unistd.h>

#include "careless.hpp"

namespace {

class LeavesThread {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request&, careless::Findings&) {
    if (!started_) {
      started_ = true;
      pthread_t thread;
      pthread_create(
          &thread, nullptr, [](void*) -> void* { return pause() == 0 ? nullptr : nullptr; }, nullptr);
    }
  }

 private:
  bool started_ = false;
};

}  // namespace

SAFE_DOCKER_PLUGIN(LeavesThread, careless::kDescription);
