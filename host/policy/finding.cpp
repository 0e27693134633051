#include "policy/finding.hpp"

#include <algorithm>

namespace safe_docker::policy {
namespace {

// A note counts once, wherever it was made.
bool SaysTheSame(const Finding& left, const Finding& right) {
  if (left.treatment != right.treatment) {
    return false;
  }
  const bool are_notes =
      left.treatment == Treatment::kEnforced && left.decision == Decision::kAllow && right.decision == Decision::kAllow;
  if (are_notes) {
    return left.rule == right.rule && left.message == right.message;
  }
  return left.rule == right.rule && left.message == right.message && left.written == right.written &&
         left.file == right.file && left.line == right.line && left.service == right.service;
}

}  // namespace

std::string_view Name(Decision decision) {
  switch (decision) {
    case Decision::kAllow:
      return "allow";
    case Decision::kAsk:
      return "ask";
    case Decision::kDeny:
      return "deny";
  }
  return "deny";
}

std::string_view Name(Profile profile) {
  constexpr std::string_view kNames[] = {"permissive", "standard", "strict"};
  return kNames[static_cast<std::size_t>(profile)];
}

std::string_view Name(Treatment treatment) {
  constexpr std::string_view kNames[] = {"enforced", "passed", "warned", "audited", "excused"};
  return kNames[static_cast<std::size_t>(treatment)];
}

Decision Profiles::In(Profile profile) const {
  switch (profile) {
    case Profile::kStrict:
      return strict;
    case Profile::kStandard:
      return standard;
    case Profile::kPermissive:
      return permissive;
  }
  return strict;
}

Verdict Merge(std::vector<Finding> findings) {
  Verdict verdict;
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& left, const Finding& right) {
    return left.decision != right.decision ? left.decision > right.decision : left.treatment < right.treatment;
  });
  for (Finding& finding : findings) {
    const bool said = std::any_of(verdict.findings.begin(), verdict.findings.end(),
                                  [&finding](const Finding& other) { return SaysTheSame(other, finding); });
    if (!said) {
      verdict.decision = std::max(verdict.decision, finding.decision);
      verdict.findings.push_back(std::move(finding));
    }
  }
  return verdict;
}

}  // namespace safe_docker::policy
