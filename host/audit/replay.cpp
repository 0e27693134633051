#include "audit/replay.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace safe_docker::audit {
namespace {

constexpr std::size_t kMostExamples = 3;
constexpr std::size_t kLongestCommand = 500;

std::string_view PluginOf(std::string_view rule) { return rule.substr(0, rule.find('/')); }

// What says nothing of the command, but of the state that safe-docker was in, or is said anew.
bool IsOutdated(std::string_view rule) {
  return rule == policy::kConfigError || rule == policy::kPluginFailed || rule == policy::kUnknown;
}

std::vector<std::string> Checkers(const std::vector<plugins::Declaration>& declarations) {
  std::vector<std::string> ids;
  for (const plugins::Declaration& declaration : declarations) {
    if (!declaration.expands) {
      ids.push_back(declaration.id);
    }
  }
  return ids;
}

}  // namespace

Replayer::Replayer(std::vector<plugins::Declaration> declarations, const policy::Policy& policy, bool lacks_expanders)
    : checkers_(Checkers(declarations)),
      policy_(policy),
      lacks_expanders_(lacks_expanders),
      plugins_(std::move(declarations)) {
  for (plugins::PluginInfo& info : plugins_.Describe()) {
    for (policy::Rule& rule : info.rules) {
      rules_.emplace(rule.id, std::move(rule));
    }
  }
}

// What a rule says in each profile was logged; today's rule says which tags it has.
policy::Finding Replayer::AsFinding(const LoggedFinding& logged) const {
  const auto rule = rules_.find(logged.rule);
  policy::Finding finding = policy::HostFinding(logged.rule);
  finding.rule = logged.rule;
  if (rule != rules_.end()) {
    finding.profiles = rule->second.profiles;
    finding.tags = rule->second.tags;
  } else if (!logged.rule.starts_with("host/")) {
    finding.profiles = policy::Profiles::All(logged.raised);
  }
  const bool has_profiles = logged.by_profile[0] != policy::Decision{};
  if (has_profiles) {
    finding.profiles = {logged.by_profile[0], logged.by_profile[1], logged.by_profile[2]};
  }
  finding.decision = has_profiles || rule != rules_.end() ? finding.profiles.standard : logged.raised;
  finding.message = logged.message;
  finding.written = logged.written;
  finding.file = logged.file;
  finding.service = logged.service;
  finding.line = static_cast<std::uint32_t>(logged.line);
  return finding;
}

bool Replayer::IsChecker(std::string_view rule) const {
  return std::find(checkers_.begin(), checkers_.end(), PluginOf(rule)) != checkers_.end();
}

Replayer::Outcome Replayer::Judge(const LoggedDecision& logged) {
  if (std::find(logged.rules.begin(), logged.rules.end(), "host/bypass") != logged.rules.end()) {
    return {std::nullopt, "it was not judged (SAFE_DOCKER_BYPASS)"};
  }
  const std::optional<std::vector<docker::Request>> requests = ReadRequests(logged);
  const std::optional<std::vector<LoggedFinding>> past = ReadFindings(logged);
  if (!requests || !past) {
    return {std::nullopt, logged.truncated      ? "the record was cut, because it was too long"
                          : logged.version == 0 ? "the record is of an older version, without the requests"
                                                : "the requests in it cannot be read"};
  }
  const bool is_project = std::any_of(requests->begin(), requests->end(),
                                      [](const docker::Request& request) { return !request.evidence.file.empty(); });
  if (is_project && lacks_expanders_) {
    return {std::nullopt, "a project was read by a plugin that this configuration may switch off"};
  }
  std::vector<policy::Finding> findings = plugins_.CheckAgain(*requests);
  for (const LoggedFinding& each : *past) {
    if (!IsChecker(each.rule) && !IsOutdated(each.rule)) {
      findings.push_back(AsFinding(each));
    }
  }
  return {policy::Decide(std::move(findings), policy_, policy::Today()), {}};
}

void ReplayReport::Add(const LoggedDecision& logged, const Replayer::Outcome& outcome) {
  if (!outcome.verdict) {
    ++obstacles[std::string(outcome.obstacle)];
    return;
  }
  ++replayed;
  const policy::Verdict& verdict = *outcome.verdict;
  if (verdict.decision == logged.decision) {
    return;
  }
  // The rule that objects more strongly, then or now.
  const bool is_stricter = verdict.decision > logged.decision;
  const std::string& rule = is_stricter            ? verdict.findings.front().rule
                            : logged.rules.empty() ? std::string("-")
                                                   : logged.rules.front();
  Change& change = changes[{logged.decision, verdict.decision, rule}];
  ++change.count;
  if (change.examples.size() < kMostExamples) {
    change.examples.push_back({logged.id, logged.time_unix_nano, logged.command.substr(0, kLongestCommand),
                               is_stricter ? verdict.findings.front().message : logged.reason});
  }
}

void ReplayReport::Add(const ReplayReport& other) {
  replayed += other.replayed;
  bad_lines += other.bad_lines;
  for (const auto& [reason, count] : other.obstacles) {
    obstacles[reason] += count;
  }
  for (const auto& [kind, change] : other.changes) {
    Change& mine = changes[kind];
    mine.count += change.count;
    mine.examples.insert(mine.examples.end(), change.examples.begin(), change.examples.end());
    std::sort(mine.examples.begin(), mine.examples.end(),
              [](const Example& left, const Example& right) { return left.time_unix_nano < right.time_unix_nano; });
    mine.examples.resize(std::min(mine.examples.size(), kMostExamples));
  }
}

std::uint64_t ReplayReport::changed() const {
  std::uint64_t sum = 0;
  for (const auto& [kind, change] : changes) {
    sum += change.count;
  }
  return sum;
}

std::uint64_t ReplayReport::not_replayed() const {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : obstacles) {
    sum += count;
  }
  return sum;
}

std::string ReplayReport::Pack() const {
  nlohmann::json json = {{"replayed", replayed}, {"bad_lines", bad_lines}, {"obstacles", obstacles}};
  json["changes"] = nlohmann::json::array();
  for (const auto& [kind, change] : changes) {
    nlohmann::json examples = nlohmann::json::array();
    for (const Example& example : change.examples) {
      examples.push_back({example.id, example.time_unix_nano, example.command, example.message});
    }
    json["changes"].push_back({policy::Name(kind.before), policy::Name(kind.after), kind.rule, change.count, examples});
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<ReplayReport> ReplayReport::Unpack(std::string_view text) {
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    ReplayReport report;
    report.replayed = json.at("replayed");
    report.bad_lines = json.at("bad_lines");
    report.obstacles = json.at("obstacles").get<std::map<std::string, std::uint64_t>>();
    for (const nlohmann::json& each : json.at("changes")) {
      const auto before = DecisionByName(each.at(0).get<std::string>());
      const auto after = DecisionByName(each.at(1).get<std::string>());
      Change& change = report.changes[{before.value(), after.value(), each.at(2)}];
      change.count = each.at(3);
      for (const nlohmann::json& example : each.at(4)) {
        change.examples.push_back({example.at(0), example.at(1), example.at(2), example.at(3)});
      }
    }
    return report;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace safe_docker::audit
