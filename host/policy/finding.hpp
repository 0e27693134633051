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

// Named sets of decisions, as the Pod Security Standards are. Ordered by strength.
enum class Profile : std::uint8_t { kPermissive, kStandard, kStrict };

// "permissive", "standard" or "strict".
std::string_view Name(Profile profile);

// What a rule decides in each profile.
struct Profiles {
  Decision strict = Decision::kDeny;
  Decision standard = Decision::kDeny;
  Decision permissive = Decision::kDeny;

  static constexpr Profiles All(Decision decision) { return {decision, decision, decision}; }
  Decision In(Profile profile) const;

  friend bool operator==(const Profiles&, const Profiles&) = default;
};

// What a finding is about, for exceptions and for the log. Empty: that does not apply, or is not known.
struct Subject {
  std::uint32_t kind = 0;  // of the effect, as the plugin contract numbers them; 0 for none
  std::string path;        // of the host: absolute, clean, links followed; empty if a part of it is not known
  std::string image;       // in full: "docker.io/library/alpine:latest"
  std::string value;       // "NET_ADMIN", "network=host", "seccomp=unconfined"; may hold unknown parts
};

// How the configuration dealt with a finding.
enum class Treatment : std::uint8_t {
  kEnforced,  // it counts as its rule says; also notes
  kPassed,    // profile or decisions say that this is allowed
  kWarned,    // let through, and the user is told
  kAudited,   // let through, and recorded
  kExcused,   // an exception was made for it
};

// "enforced", "passed", "warned", "audited" or "excused".
std::string_view Name(Treatment treatment);

// What one rule has to say about one thing.
struct Finding {
  std::string rule;  // full id: "mounts/outside-home"
  // As reported: that of the profile `standard`. Behind Decide: what takes effect.
  Decision decision = Decision::kDeny;
  std::string message;  // one sentence: what, and why it matters
  std::string advice;   // one sentence: what to do instead; empty if there is nothing
  // Where it was said.
  std::string written;
  std::string file;
  std::string service;
  std::uint32_t line = 0;

  Profiles profiles = Profiles::All(Decision::kDeny);
  std::string tags;  // of its rule, separated by blanks
  Subject about;

  // Filled in by Decide.
  Decision raised = Decision::kDeny;  // what the rule says in the profile in force
  Treatment treatment = Treatment::kEnforced;
  std::string because;  // what led to a treatment other than kEnforced: "exception at /…/config.toml:12: REASON"
};

struct Verdict {
  Decision decision = Decision::kAllow;
  // Strongest decision first, then what is only told: notes, warnings, and what was let through. No two say the same.
  std::vector<Finding> findings;
};

// The strongest decision of all findings, which it sorts and rids of repetitions.
Verdict Merge(std::vector<Finding> findings);

}  // namespace safe_docker::policy
