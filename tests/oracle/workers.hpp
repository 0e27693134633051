// Spreads cases over processes, each in a sandbox of its own. A case that kills its process (a crash of the analysis)
// is a result like any other, and the work goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sandbox.hpp"

namespace safe_docker::oracle {

// What came out of one case.
struct Result {
  std::uint32_t index = 0;
  std::uint32_t outcome = 0;  // the caller's own
  std::string report;         // for people; empty if there is nothing to say
};

inline constexpr std::uint32_t kCrashed = ~0U;

struct Outcomes {
  std::string problem;  // no sandbox could be made
  std::vector<Result> results;
};

// Runs `task` for each index below `count`, in any order and in `workers` sandboxes.
Outcomes RunInSandboxes(const SandboxPlan& plan, std::uint32_t count, unsigned workers,
                        const std::function<Result(Sandbox&, std::uint32_t)>& task);

}  // namespace safe_docker::oracle
