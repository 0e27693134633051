#include "modes/answer.hpp"

#include <nlohmann/json.hpp>

namespace safe_docker::modes {
namespace {

// Claude Code cuts texts at 10,000 characters; ours end before that, and say that they do.
constexpr std::size_t kLongestReason = 9000;

std::string_view Headline(policy::Decision decision) {
  switch (decision) {
    case policy::Decision::kAllow:
      return "Allowed";
    case policy::Decision::kAsk:
      return "Needs your consent";
    case policy::Decision::kDeny:
      return "Blocked";
  }
  return "Blocked";
}

// "service web, /home/me/app/compose.yaml:12, privileged: true"
std::string Where(const policy::Finding& finding) {
  std::string where = finding.service.empty() ? "" : "service " + finding.service;
  if (!finding.file.empty()) {
    where += (where.empty() ? "" : ", ") + finding.file;
    where += finding.line == 0 ? "" : ":" + std::to_string(finding.line);
  }
  if (!finding.written.empty()) {
    where += (where.empty() ? "" : ", ") + finding.written;
  }
  return where;
}

}  // namespace

Color ColorOf(policy::Decision decision) {
  switch (decision) {
    case policy::Decision::kAllow:
      return Color::kGood;
    case policy::Decision::kAsk:
      return Color::kCaution;
    case policy::Decision::kDeny:
      break;
  }
  return Color::kBad;
}

std::string Describe(const policy::Finding& finding, const Colors& colors) {
  // A note is about the machine, not about the words.
  const bool says_itself =
      finding.service.empty() && !finding.file.empty() && finding.message.find(finding.file) != std::string::npos;
  const std::string where = finding.decision == policy::Decision::kAllow || says_itself ? "" : Where(finding);
  const std::string text = Printable((where.empty() ? "" : where + ": ") + finding.message + " (") +
                           colors.Paint(Color::kBold, Printable(finding.rule)) + ").";
  return finding.advice.empty() ? text : text + Printable(" " + finding.advice);
}

std::string Explain(const policy::Verdict& verdict, bool notes, const Colors& colors) {
  std::string list;
  std::size_t taken = 0;  // of the plain text: colours make it no shorter
  std::size_t count = 0;
  std::size_t left_out = 0;
  for (const policy::Finding& finding : verdict.findings) {
    if (finding.decision == policy::Decision::kAllow && !(notes && finding.treatment == policy::Treatment::kEnforced)) {
      continue;
    }
    const std::string line = Describe(finding);
    if (taken + line.size() > kLongestReason && count > 0) {
      ++left_out;
      continue;
    }
    ++count;
    taken += line.size() + 3;
    list += (finding.decision == policy::Decision::kAllow ? "\n- note: " : "\n- ") +
            (line.size() > kLongestReason ? line.substr(0, kLongestReason) + "..."
             : colors.are_on()            ? Describe(finding, colors)
                                          : line);
  }
  if (left_out > 0) {
    list += "\n- and " + std::to_string(left_out) + " more";
  }
  const std::string headline =
      "[safe-docker] " + colors.Paint(ColorOf(verdict.decision), Headline(verdict.decision)) + ":";
  if (count == 1 && left_out == 0) {
    return headline + " " + list.substr(3);
  }
  return headline + list;
}

std::string Warnings(const policy::Verdict& verdict, const Colors& colors) {
  std::string list;
  std::size_t taken = 0;
  for (const policy::Finding& finding : verdict.findings) {
    if (finding.treatment != policy::Treatment::kWarned || taken > kLongestReason) {
      continue;
    }
    taken += Describe(finding).size();
    list += std::string(list.empty() ? "" : "\n") + "[safe-docker] " + colors.Paint(Color::kCaution, "Warning") +
            ": would " + (finding.raised == policy::Decision::kDeny ? "be denied" : "need your consent") + " (" +
            Printable(finding.because) + "): " + Describe(finding, colors);
  }
  return list;
}

std::string HookAnswer(const policy::Verdict& verdict) {
  const std::string warnings = Warnings(verdict);
  if (verdict.decision == policy::Decision::kAllow && warnings.empty()) {
    return {};
  }
  nlohmann::ordered_json answer;
  if (!warnings.empty()) {
    answer["systemMessage"] = warnings;
  }
  if (verdict.decision == policy::Decision::kAllow) {
    return answer.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  nlohmann::ordered_json& output = answer["hookSpecificOutput"];
  output["hookEventName"] = "PreToolUse";
  output["permissionDecision"] = policy::Name(verdict.decision);
  output["permissionDecisionReason"] = Explain(verdict, /*notes=*/true);
  return answer.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace safe_docker::modes
