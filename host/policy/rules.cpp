#include "policy/rules.hpp"

#include <algorithm>
#include <iterator>

namespace safe_docker::policy {
namespace {

constexpr Profiles kAsk = Profiles::All(Decision::kAsk);
constexpr Profiles kDeny = Profiles::All(Decision::kDeny);

constexpr HostRule kHostRules[] = {
    {kBadInput, kDeny, "input that is no request of an agent's hook", "what cannot be read cannot be judged", "unknown",
     Severity::kMedium, true},
    {kBypass, Profiles::All(Decision::kAllow), "a command that a person ran unjudged", "it should be seen later", "",
     Severity::kInfo, true},
    {kConfigError, kAsk, "an error in the configuration", "what it allows is not certain", "policy", Severity::kMedium,
     true},
    {kNotExpanded, kAsk, "a project that no plugin reads", "nobody knows what is in it", "unknown", Severity::kMedium,
     false},
    {kOpaqueShell, kAsk, "shell text with docker in sight, or hidden, that cannot be followed",
     "nobody can tell what will run", "unknown", Severity::kHigh, false},
    {kOpaqueText,
     {Decision::kAsk, Decision::kAllow, Decision::kAllow},
     "any other shell text that is computed or fetched while it runs",
     "docker commands may be in it",
     "unknown code",
     Severity::kLow,
     false},
    {kPluginFailed, kDeny, "a plugin that is missing, unsafe, or answered nonsense", "the judgement is not complete",
     "policy", Severity::kHigh, true},
    {kSelfProtection, kAsk, "a command that touches safe-docker, its settings or the agent's hooks",
     "they decide what is judged", "policy", Severity::kHigh, true},
    {kUnknown, kAsk, "a command, flag or value that is not known", "it could mean anything", "unknown",
     Severity::kMedium, false},
};

const HostRule* FindHostRule(std::string_view id) {
  const auto* const found =
      std::find_if(std::begin(kHostRules), std::end(kHostRules), [id](const HostRule& rule) { return rule.id == id; });
  return found == std::end(kHostRules) ? nullptr : found;
}

}  // namespace

std::string_view Name(Severity severity) {
  constexpr std::string_view kNames[] = {"info", "low", "medium", "high", "critical"};
  return kNames[static_cast<std::size_t>(severity) - 1];
}

bool HasTag(std::string_view tags, std::string_view tag) {
  while (!tags.empty()) {
    const std::size_t end = tags.find(' ');
    if (tags.substr(0, end) == tag) {
      return true;
    }
    tags = end == std::string_view::npos ? std::string_view{} : tags.substr(end + 1);
  }
  return false;
}

std::span<const HostRule> HostRules() { return kHostRules; }

bool IsFixed(std::string_view rule) {
  const HostRule* const found = FindHostRule(rule);
  return found != nullptr && found->fixed;
}

Finding HostFinding(std::string_view rule) {
  Finding finding;
  finding.rule = rule;
  if (const HostRule* const found = FindHostRule(rule)) {
    finding.profiles = found->profiles;
    finding.decision = found->profiles.standard;
    finding.tags = found->tags;
  }
  return finding;
}

}  // namespace safe_docker::policy
