// Runs code in a child process under the guard, as a hook or the wrapper would, and says how that ended.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "guard.hpp"

namespace safe_docker {

struct Ending {
  int exit_code = -1;  // -1 if a signal ended it
  std::string output;
  std::string error;
};

// Calls `body` with the guard installed. A body that returns without an answer is answered "returned" with exit code 0.
Ending RunGuarded(guard::Answer answer, std::chrono::milliseconds deadline, const std::function<void()>& body);

// The reason of the denial that a hook printed; empty unless `output` is exactly one such JSON object.
std::string DenialReason(const std::string& output);

}  // namespace safe_docker
