#include "modes/answer.hpp"

#include <cstdint>
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

constexpr std::uint32_t kNoCharacter = 0xFFFFFFFF;

struct Character {
  std::uint32_t code;  // kNoCharacter for a byte that is no UTF-8
  std::size_t size;
};

// The first character of `text`, which is not empty.
Character NextCharacter(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xC2 ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  if (size <= 1 || size > text.size()) {
    return {size == 1 ? first : kNoCharacter, 1};
  }
  std::uint32_t code = first & (0x7FU >> size);
  for (std::size_t index = 1; index < size; ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    if ((byte & 0xC0U) != 0x80) {
      return {kNoCharacter, 1};
    }
    code = code << 6 | (byte & 0x3FU);
  }
  return {code, size};
}

// Characters that a terminal obeys or that change the order in which others are shown.
bool MayMislead(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F || code == 0x061C ||
         code == kNoCharacter;
}

void AppendEscaped(std::string_view bytes, std::string* text) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char letter : bytes) {
    *text += "\\x";
    *text += kDigits[static_cast<unsigned char>(letter) >> 4];
    *text += kDigits[static_cast<unsigned char>(letter) & 15];
  }
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string printable;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = NextCharacter(text.substr(at));
    if (character.code == 0) {
      printable += '?';
    } else if (character.code == '\n' || character.code == '\t') {
      printable += ' ';
    } else if (MayMislead(character.code)) {
      AppendEscaped(text.substr(at, character.size), &printable);
    } else {
      printable += text.substr(at, character.size);
    }
    at += character.size;
  }
  return printable;
}

std::string Describe(const policy::Finding& finding) {
  // A note is about the machine, not about the words.
  const bool says_itself =
      finding.service.empty() && !finding.file.empty() && finding.message.find(finding.file) != std::string::npos;
  const std::string where = finding.decision == policy::Decision::kAllow || says_itself ? "" : Where(finding);
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
    if (finding.decision == policy::Decision::kAllow && !(notes && finding.treatment == policy::Treatment::kEnforced)) {
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

std::string Warnings(const policy::Verdict& verdict) {
  std::string list;
  for (const policy::Finding& finding : verdict.findings) {
    if (finding.treatment != policy::Treatment::kWarned || list.size() > kLongestReason) {
      continue;
    }
    list += (list.empty() ? "" : "\n") + std::string("[safe-docker] Warning: would ") +
            (finding.raised == policy::Decision::kDeny ? "be denied" : "need your consent") + " (" +
            Printable(finding.because) + "): " + Describe(finding);
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
