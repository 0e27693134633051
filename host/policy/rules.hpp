// What a rule is: its id, what it says in each profile, and the words and ids that describe it. Plugins bring most of
// them; the host's own are here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "policy/finding.hpp"

namespace safe_docker::policy {

// How bad it is if what a rule finds does happen; the numbers are those of the plugin contract.
enum class Severity : std::uint8_t { kInfo = 1, kLow, kMedium, kHigh, kCritical };

// "info", "low", "medium", "high" or "critical".
std::string_view Name(Severity severity);

struct Rule {
  std::string id;  // in full: "mounts/outside-home"
  Profiles profiles;
  std::string title;      // one line: what it finds
  std::string why;        // one line: what it protects from
  std::string standards;  // "CIS-5.5 PSS-privileged"
  std::string tags;       // "files secrets"
  Severity severity = Severity::kMedium;
};

// True if `tags`, separated by blanks, has `tag`.
bool HasTag(std::string_view tags, std::string_view tag);

// ---- The host's own rules -------------------------------------------------------------------------------------------

inline constexpr std::string_view kBadInput = "host/bad-input";
inline constexpr std::string_view kBypass = "host/bypass";
inline constexpr std::string_view kConfigError = "host/config-error";
inline constexpr std::string_view kNotExpanded = "host/not-expanded";
inline constexpr std::string_view kOpaqueShell = "host/opaque-shell";
inline constexpr std::string_view kOpaqueText = "host/opaque-text";
inline constexpr std::string_view kPluginFailed = "host/plugin-failed";
inline constexpr std::string_view kSelfProtection = "host/self-protection";
inline constexpr std::string_view kUnknown = "host/unknown";

struct HostRule {
  std::string_view id;
  Profiles profiles;
  std::string_view title;
  std::string_view why;
  std::string_view tags;
  Severity severity;
  // Holds whatever the configuration says: no exception, no mode and no other decision. The judge's own soundness
  // depends on it.
  bool fixed;
};

std::span<const HostRule> HostRules();

// True for a rule that nothing in the configuration can loosen.
bool IsFixed(std::string_view rule);

// A finding of one of the host's own rules, with its decisions and tags filled in.
Finding HostFinding(std::string_view rule);

}  // namespace safe_docker::policy
