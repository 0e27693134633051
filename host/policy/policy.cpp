#include "policy/policy.hpp"

#include <algorithm>
#include <ctime>

#include "policy/rules.hpp"

namespace safe_docker::policy {
namespace {

// Of the lines that speak of the finding's rule, the one that names it most exactly; of several such, the stronger.
template <typename Line, typename Strength>
const Line* MostExact(const std::vector<Line>& lines, const Finding& finding, const Strength& strength) {
  const Line* best = nullptr;
  for (const Line& line : lines) {
    if (!Selects(line.selector, finding.rule, finding.tags)) {
      continue;
    }
    const bool is_better = best == nullptr || line.selector.kind > best->selector.kind ||
                           (line.selector.kind == best->selector.kind && strength(line) > strength(*best));
    best = is_better ? &line : best;
  }
  return best;
}

// What objects in no profile.
bool IsNote(const Finding& finding) {
  return finding.decision == Decision::kAllow &&
         (finding.profiles.standard != Decision::kAllow || finding.profiles == Profiles::All(Decision::kAllow));
}

// What the rule says in `profile`. A finding that was reported otherwise than its rule has it means that always.
Decision In(Profile profile, const Finding& finding) {
  return finding.decision == finding.profiles.standard ? finding.profiles.In(profile) : finding.decision;
}

std::string Quoted(const Selector& selector) { return "\"" + Describe(selector) + "\""; }

void LetThrough(Treatment treatment, std::string because, Finding* finding) {
  finding->decision = Decision::kAllow;
  finding->treatment = treatment;
  finding->because = std::move(because);
}

// What a profile that is only tried has to say beyond what takes effect.
void TryProfiles(const Policy& policy, Decision by_warn, Decision by_audit, Finding* finding) {
  const auto name = [](std::optional<Profile> profile) { return "profile " + std::string(Name(*profile)); };
  if (finding->treatment == Treatment::kEnforced || finding->treatment == Treatment::kWarned) {
    return;  // a weaker decision that is in force counts; nothing is told twice
  }
  if (policy.warn_profile && by_warn > finding->raised) {
    finding->raised = by_warn;
    LetThrough(Treatment::kWarned, name(policy.warn_profile), finding);
  } else if (policy.audit_profile && by_audit > finding->raised) {
    finding->raised = by_audit;
    LetThrough(Treatment::kAudited, name(policy.audit_profile), finding);
  }
}

// What a project asks for on top: it can make a decision stronger, never weaker.
void RaiseToFloors(const Policy& policy, const Decision by_floor, Finding* finding, std::string* because) {
  if (by_floor > finding->raised) {
    finding->raised = by_floor;
    *because = "profile " + std::string(Name(*policy.floor_profile)) + " of the project";
  }
  for (const DecisionLine& line : policy.floors) {
    if (line.decision > finding->raised && Selects(line.selector, finding->rule, finding->tags)) {
      finding->raised = line.decision;
      *because = "decision " + Quoted(line.selector) + " at " + Describe(line.place);
    }
  }
}

void ApplyMode(const Policy& policy, Finding* finding) {
  const ModeLine* const line = MostExact(policy.modes, *finding, [](const ModeLine& each) { return each.mode; });
  if (line == nullptr || line->mode == Mode::kEnforce) {
    return;
  }
  LetThrough(line->mode == Mode::kWarn ? Treatment::kWarned : Treatment::kAudited,
             std::string(Name(line->mode)) + " = " + Quoted(line->selector) + " at " + Describe(line->place), finding);
}

void DecideOne(const Policy& policy, std::chrono::year_month_day today, Finding* finding) {
  finding->raised = finding->decision;
  if (IsFixed(finding->rule) || IsNote(*finding)) {
    return;
  }
  const Decision by_warn = policy.warn_profile ? In(*policy.warn_profile, *finding) : Decision::kAllow;
  const Decision by_audit = policy.audit_profile ? In(*policy.audit_profile, *finding) : Decision::kAllow;
  finding->raised = In(policy.profile, *finding);
  std::string because = "profile " + std::string(Name(policy.profile));
  if (const DecisionLine* const line =
          MostExact(policy.decisions, *finding, [](const DecisionLine& each) { return each.decision; })) {
    if (!policy.only_stricter || line->decision > finding->raised) {
      finding->raised = line->decision;
      because = "decision " + Quoted(line->selector) + " at " + Describe(line->place);
    }
  }
  const Decision by_floor = policy.floor_profile ? In(*policy.floor_profile, *finding) : Decision::kAllow;
  RaiseToFloors(policy, by_floor, finding, &because);
  finding->decision = finding->raised;
  if (finding->raised == Decision::kAllow) {
    LetThrough(Treatment::kPassed, std::move(because), finding);
  }
  const auto excuse = std::find_if(policy.exceptions.begin(), policy.exceptions.end(), [&](const Exception& exception) {
    return !IsExpired(exception, today) && Matches(exception, *finding);
  });
  if (excuse != policy.exceptions.end()) {
    return LetThrough(Treatment::kExcused, "exception at " + Describe(excuse->place) + ": " + excuse->reason, finding);
  }
  if (finding->treatment == Treatment::kEnforced) {
    ApplyMode(policy, finding);
  }
  TryProfiles(policy, by_warn, by_audit, finding);
}

}  // namespace

std::string Describe(const Place& place) {
  return place.file + (place.line == 0 ? "" : ":" + std::to_string(place.line));
}

std::string_view Name(Mode mode) {
  constexpr std::string_view kNames[] = {"audit", "warn", "enforce"};
  return kNames[static_cast<std::size_t>(mode)];
}

bool Policy::Consults(Profile wanted) const {
  return profile == wanted || warn_profile == wanted || audit_profile == wanted || floor_profile == wanted;
}

std::chrono::year_month_day Today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

bool IsExpired(const Exception& exception, std::chrono::year_month_day today) {
  return exception.expires && *exception.expires < today;
}

Verdict Decide(std::vector<Finding> findings, const Policy& policy, std::chrono::year_month_day today) {
  for (Finding& finding : findings) {
    DecideOne(policy, today, &finding);
  }
  return Merge(std::move(findings));
}

}  // namespace safe_docker::policy
