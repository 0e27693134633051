#include "policy/finding.hpp"

#include <algorithm>

namespace safe_docker::policy {
namespace {

// A note counts once, wherever it was made.
bool SaysTheSame(const Finding& left, const Finding& right) {
  const bool are_notes = left.decision == Decision::kAllow && right.decision == Decision::kAllow;
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

Verdict Merge(std::vector<Finding> findings) {
  Verdict verdict;
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& left, const Finding& right) { return left.decision > right.decision; });
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
