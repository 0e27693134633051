// The checker of the options that take a container's walls down: privileges, capabilities, shared namespaces, devices,
// security options, and the like.
#include <safe_docker/checker.hpp>

#include "blocked_flags.hpp"
#include "classify.hpp"
#include "rules.hpp"

namespace {

using namespace safe_docker::plugin;
using safe_docker::flags::Blocked;
using safe_docker::flags::BlockedFlag;
using safe_docker::flags::Classify;
using safe_docker::flags::Detail;
using safe_docker::flags::FindBlocked;
using safe_docker::flags::FlagMatch;
using safe_docker::flags::FlagRule;
using safe_docker::flags::kRules;
using safe_docker::flags::Match;
using safe_docker::flags::Objection;

constexpr sdp_description kDescription = {
    sizeof(sdp_description),
    0,
    Text("flags"),
    Text("0.1.0"),
    Text("Options that take a container's walls down"),
    Text("MIT OR Apache-2.0"),
    Text(""),
    {&kRules[0].rule, static_cast<std::uint32_t>(std::size(kRules)), static_cast<std::uint32_t>(sizeof(FlagRule))},
    {},
    0,  // blocked_flags may name any option
    Text(R"({"type": "object", "properties": {
"blocked_flags": {"type": "array", "items": {"type": "string"},
  "description": "options that are denied: a name, or a name with a value as in --pid=host"},
"blocked_capabilities": {"type": "array", "items": {"type": "string"},
  "description": "capabilities that may not be added"},
"project_blocked_flags": {"type": "array", "items": {"type": "string"},
  "description": "those that the project's own file adds"},
"project_blocked_capabilities": {"type": "array", "items": {"type": "string"}}},
"additionalProperties": false})")};

const FlagRule& RuleOf(Objection objection) { return kRules[static_cast<std::size_t>(objection)]; }

std::string_view OrUnknown(std::string_view text) { return IsKnown(text) ? text : "a value not known yet"; }

// The words of the command that say so.
std::string_view Written(const Effect& effect) {
  const std::string_view text = effect.written().empty() ? effect.name() : effect.written();
  return text.empty() ? "an option" : OrUnknown(text);
}

// Between name and subject: "=" where both are an option as people write it.
std::string_view Separator(const Effect& effect) {
  constexpr std::uint64_t kNoOptions = Bit(SDP_EFFECT_RUN_CODE) | Bit(SDP_EFFECT_CHANGE_ENGINE) | Bit(SDP_EFFECT_SEND) |
                                       Bit(SDP_EFFECT_FETCH) | Bit(SDP_EFFECT_RAW_ENGINE);
  return (kNoOptions & Bit(effect.kind())) != 0 ? ": " : "=";
}

void ReportEffect(Objection objection, const Effect& effect, Findings& findings) {
  const FlagRule& rule = RuleOf(objection);
  std::string_view first = OrUnknown(effect.name());
  std::string_view second;
  switch (rule.detail) {
    case Detail::kSubject:
      first = OrUnknown(effect.subject());
      break;
    case Detail::kNameAndSubject:
      second = OrUnknown(effect.subject());
      break;
    case Detail::kWritten:
      first = Written(effect);
      break;
    case Detail::kName:
      break;
  }
  if (first.empty() && second.empty()) {
    first = Written(effect);
  }
  findings.Report(
      rule.rule, effect,
      Message(rule.before, first, first.empty() || second.empty() ? "" : Separator(effect), second, rule.after),
      rule.advice);
}

void ReportBlocked(std::string_view entry, std::string_view written, const sdp_evidence* evidence, Findings& findings) {
  const FlagRule& rule = RuleOf(Objection::kBlockedFlag);
  findings.Report(View(rule.rule.id), rule.rule.standard, evidence,
                  Message(rule.before, OrUnknown(written), ", which the config forbids (", entry, " in blocked_flags)"),
                  rule.advice);
}

class Flags {
 public:
  void Create(const Host& host, Findings&) {
    host.SettingList("/blocked_flags", &blocked_.flags);
    host.SettingList("/blocked_capabilities", &blocked_.capabilities);
    host.SettingList("/project_blocked_flags", &of_project_.flags);
    host.SettingList("/project_blocked_capabilities", &of_project_.capabilities);
  }

  void Check(const Request& request, Findings& findings) const {
    CheckBy(blocked_, request, findings);
    // By themselves, so that a project's lists can add objections and take none back.
    if (!of_project_.flags.empty() || !of_project_.capabilities.empty()) {
      CheckBy(of_project_, request, findings);
    }
  }

 private:
  static void CheckBy(const Blocked& blocked, const Request& request, Findings& findings) {
    for (const Effect effect : request.effects()) {
      const Objection objection = Classify(effect, blocked);
      if (objection != Objection::kNone) {
        ReportEffect(objection, effect, findings);
      }
      const std::string_view entry = FindBlocked(blocked.flags, effect);
      const bool is_denied = objection != Objection::kNone && RuleOf(objection).rule.standard == SDP_DENY;
      if (!entry.empty() && !is_denied) {
        ReportBlocked(entry, Written(effect), effect.evidence(), findings);
      }
    }
    for (std::string_view entry : blocked.flags) {
      CheckOptions(entry, request, findings);
    }
  }

  // Options that have no effect of their own. One finding an entry is enough.
  static void CheckOptions(std::string_view entry, const Request& request, Findings& findings) {
    const BlockedFlag blocked(entry);
    FlagMatch of_effects = FlagMatch::kNone;
    for (const Effect effect : request.effects()) {
      const FlagMatch match = Match(blocked, effect);
      of_effects = match > of_effects ? match : of_effects;
    }
    if (of_effects == FlagMatch::kFull) {
      return;
    }
    for (const Option option : request.options()) {
      const FlagMatch match = Match(blocked, option);
      const bool is_unknown = match == FlagMatch::kName && of_effects == FlagMatch::kNone && !IsKnown(option.value());
      if (match != FlagMatch::kFull && !is_unknown) {
        continue;
      }
      sdp_evidence evidence{};
      evidence.size = sizeof evidence;
      evidence.written = Text(option.written());
      if (match == FlagMatch::kFull) {
        return ReportBlocked(entry, option.written(), &evidence, findings);
      }
      const FlagRule& rule = RuleOf(Objection::kUnresolved);
      return findings.Report(View(rule.rule.id), rule.rule.standard, &evidence,
                             Message(rule.before, OrUnknown(option.written()), rule.after), rule.advice);
    }
  }

  Blocked blocked_;
  Blocked of_project_;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Flags, kDescription);
