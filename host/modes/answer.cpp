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

std::string Printable(std::string_view text) {
  std::string printable;
  for (const char letter : text) {
    const bool is_control = static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
    if (letter == '\0') {
      printable += '?';
    } else if (letter == '\n' || letter == '\t') {
      printable += ' ';
    } else if (is_control) {
      constexpr char kDigits[] = "0123456789abcdef";
      printable += "\\x";
      printable += kDigits[static_cast<unsigned char>(letter) >> 4];
      printable += kDigits[static_cast<unsigned char>(letter) & 15];
    } else {
      printable += letter;
    }
  }
  return printable;
}

std::string Describe(const policy::Finding& finding) {
  // A note is about the machine, not about the words.
  const std::string where = finding.decision == policy::Decision::kAllow ? "" : Where(finding);
  std::string text = (where.empty() ? "" : where + ": ") + finding.message + " (" + finding.rule + ").";
  if (!finding.advice.empty()) {
    text += " " + finding.advice;
  }
  return Printable(text);
}

std::string Explain(const policy::Verdict& verdict, bool notes) {
  std::string list;
  std::size_t count = 0;
  std::size_t left_out = 0;
  for (const policy::Finding& finding : verdict.findings) {
    if (finding.decision == policy::Decision::kAllow && !notes) {
      continue;
    }
    const std::string line = Describe(finding);
    if (list.size() + line.size() > kLongestReason && count > 0) {
      ++left_out;
      continue;
    }
    ++count;
    list += (finding.decision == policy::Decision::kAllow ? "\n- note: " : "\n- ") +
            (line.size() > kLongestReason ? line.substr(0, kLongestReason) + "..." : line);
  }
  if (left_out > 0) {
    list += "\n- and " + std::to_string(left_out) + " more";
  }
  const std::string headline = "[safe-docker] " + std::string(Headline(verdict.decision)) + ":";
  if (count == 1 && left_out == 0) {
    return headline + " " + list.substr(3);
  }
  return headline + list;
}

std::string HookAnswer(const policy::Verdict& verdict) {
  if (verdict.decision == policy::Decision::kAllow) {
    return {};
  }
  nlohmann::ordered_json answer;
  nlohmann::ordered_json& output = answer["hookSpecificOutput"];
  output["hookEventName"] = "PreToolUse";
  output["permissionDecision"] = policy::Name(verdict.decision);
  output["permissionDecisionReason"] = Explain(verdict, /*notes=*/true);
  return answer.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace safe_docker::modes
