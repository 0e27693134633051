// Runs generated programs and counts what becomes of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sandbox.hpp"

namespace safe_docker::oracle {

struct GeneratedRun {
  std::uint64_t seed = 0;
  std::uint32_t count = 0;
  unsigned workers = 1;
  unsigned shrinks = 0;  // at most so many programs are shrunk, since that takes seconds each
  bool is_verbose = false;
};

struct GeneratedOutcome {
  std::string problem;              // no sandbox could be made
  std::vector<std::string> missed;  // programs with a call that nobody noticed, on one line each
};

// Prints each miss, and the shares of the outcomes at the end.
GeneratedOutcome RunGeneratedPrograms(const SandboxPlan& plan, const GeneratedRun& run);

}  // namespace safe_docker::oracle
