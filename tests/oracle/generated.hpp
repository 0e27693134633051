// Runs generated programs and counts what becomes of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox.hpp"

namespace safe_docker::oracle {

enum class ProgramOutcome : std::uint32_t {
  kExact,     // the analysis reports exactly the calls that bash makes
  kCovered,   // reported commands cover all calls
  kOpaque,    // an opaque part asks
  kUncalled,  // bash calls nothing
  kMissed,    // a call that nobody noticed
  kNoisy,     // bash calls nothing, and the hook objects to a harmless program
};
inline constexpr std::string_view kOutcomeNames[] = {"exact", "covered", "opaque", "uncalled", "missed", "noisy"};

struct GeneratedRun {
  std::uint64_t seed = 0;
  std::uint32_t count = 0;
  unsigned workers = 1;
  unsigned shrinks = 0;  // at most so many programs are shrunk, since that takes seconds each
  ProgramOutcome wanted = ProgramOutcome::kMissed;  // programs that end so are shrunk and printed
  bool is_harmless = false;                         // programs that only mention docker
  bool is_verbose = false;
};

struct GeneratedReport {
  std::string problem;              // no sandbox could be made
  std::size_t missed = 0;           // programs with a call that nobody noticed
  std::vector<std::string> wanted;  // programs that ended as wanted, on one line each
};

// Prints the programs that ended as wanted, and the shares of the outcomes at the end.
GeneratedReport RunGeneratedPrograms(const SandboxPlan& plan, const GeneratedRun& run);

}  // namespace safe_docker::oracle
