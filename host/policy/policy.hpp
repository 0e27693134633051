// What the configuration makes of findings: the profile in force, decisions of its own for single rules, modes, and
// exceptions. Decide applies them, in that order; nothing here knows what was judged but through the findings.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/finding.hpp"
#include "policy/selector.hpp"

namespace safe_docker::policy {

// Where something stands in a configuration file.
struct Place {
  std::string file;
  std::uint32_t line = 0;
};

// "FILE:LINE".
std::string Describe(const Place& place);

// What is done with what a rule objects to. Ordered by strength.
enum class Mode : std::uint8_t { kAudit, kWarn, kEnforce };

// "audit", "warn" or "enforce".
std::string_view Name(Mode mode);

struct ModeLine {
  Selector selector;
  Mode mode = Mode::kEnforce;
  Place place;
};

// A decision that takes the place of the profile's.
struct DecisionLine {
  Selector selector;
  Decision decision = Decision::kDeny;
  Place place;
};

// A finding that somebody has thought about and let pass. What is listed must match, each by one of its globs.
struct Exception {
  Selector rule;
  std::vector<std::string> paths;
  std::vector<std::string> images;
  std::vector<std::string> services;
  std::vector<std::string> values;
  std::string reason;
  std::optional<std::chrono::year_month_day> expires;  // the last day on which it holds
  Place place;
};

struct Policy {
  Profile profile = Profile::kStandard;
  std::vector<DecisionLine> decisions;
  bool only_stricter = false;  // decisions that are weaker than the profile's do not count
  std::vector<ModeLine> modes;
  // Further profiles that are tried: what they alone would object to is told, or recorded.
  std::optional<Profile> warn_profile;
  std::optional<Profile> audit_profile;
  std::vector<Exception> exceptions;
  // What a project's own file asks for: it makes decisions stronger, and can make none weaker.
  std::vector<DecisionLine> floors;
  std::optional<Profile> floor_profile;

  // True if some verdict depends on what `profile` decides.
  bool Consults(Profile profile) const;
};

// Today, as exceptions count days: in UTC.
std::chrono::year_month_day Today();

bool IsExpired(const Exception& exception, std::chrono::year_month_day today);

// True if `exception` was made for such a finding. One whose path, image or value is not known never matches a line
// that names some.
bool Matches(const Exception& exception, const Finding& finding);

// Decides what takes effect of each finding, and so what the verdict is.
Verdict Decide(std::vector<Finding> findings, const Policy& policy, std::chrono::year_month_day today);

}  // namespace safe_docker::policy
