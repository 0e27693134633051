// Findings and the verdict that they add up to: deny > ask > allow. Knows nothing of docker's syntax.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::policy {

// Ordered by strength; the numbers are those of the plugin contract.
enum class Decision : std::uint8_t { kAllow = 1, kAsk = 2, kDeny = 3 };

// "allow", "ask" or "deny".
std::string_view Name(Decision decision);

// What one rule has to say about one thing.
struct Finding {
  std::string rule;  // full id: "mounts/outside-home"
  Decision decision = Decision::kDeny;
  std::string message;  // one sentence: what, and why it matters
  std::string advice;   // one sentence: what to do instead; empty if there is nothing
  // Where it was said.
  std::string written;
  std::string file;
  std::string service;
  std::uint32_t line = 0;
};

struct Verdict {
  Decision decision = Decision::kAllow;
  std::vector<Finding> findings;  // strongest first; notes (allow) last; no two say the same
};

// The strongest decision of all findings, which it sorts and rids of repetitions.
Verdict Merge(std::vector<Finding> findings);

}  // namespace safe_docker::policy
