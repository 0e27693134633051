// Judges again what the log has kept of commands, under another configuration than the one of then: the requests are
// those that were logged, and so is what was found in the text and in files; what the checkers say is asked anew.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "audit/logged_decision.hpp"
#include "plugins/plugin_set.hpp"
#include "policy/finding.hpp"
#include "policy/policy.hpp"
#include "policy/rules.hpp"

namespace safe_docker::audit {

class Replayer {
 public:
  // `declarations` are the plugins that the configuration enables, `policy`, which must outlive this, what it makes of
  // findings. `lacks_expanders`: it switches a plugin off that reads projects.
  Replayer(std::vector<plugins::Declaration> declarations, const policy::Policy& policy, bool lacks_expanders);

  struct Outcome {
    std::optional<policy::Verdict> verdict;
    std::string_view obstacle;  // why there is none
  };
  Outcome Judge(const LoggedDecision& logged);

 private:
  bool IsChecker(std::string_view rule) const;
  policy::Finding AsFinding(const LoggedFinding& logged) const;

  std::vector<std::string> checkers_;  // ids of the plugins that only check
  const policy::Policy& policy_;
  bool lacks_expanders_;
  plugins::PluginSet plugins_;
  std::map<std::string, policy::Rule, std::less<>> rules_;  // of plugins that do not only check
};

// What replaying a log came to.
struct ReplayReport {
  struct Example {
    std::string id;
    std::uint64_t time_unix_nano = 0;
    std::string command;
    std::string message;  // of the finding that decides
  };
  // What becomes of a decision, and the rule that it turns on.
  struct Kind {
    policy::Decision before;
    policy::Decision after;
    std::string rule;
    friend bool operator<(const Kind& left, const Kind& right) {
      return std::tie(left.before, left.after, left.rule) < std::tie(right.before, right.after, right.rule);
    }
  };
  struct Change {
    std::uint64_t count = 0;
    std::vector<Example> examples;  // the first few
  };

  std::uint64_t replayed = 0;
  std::map<Kind, Change> changes;
  std::map<std::string, std::uint64_t> obstacles;  // how often a record could not be replayed, and why
  std::uint64_t bad_lines = 0;

  void Add(const LoggedDecision& logged, const Replayer::Outcome& outcome);
  void Add(const ReplayReport& other);
  std::uint64_t changed() const;
  std::uint64_t not_replayed() const;

  // For another process.
  std::string Pack() const;
  static std::optional<ReplayReport> Unpack(std::string_view text);
};

}  // namespace safe_docker::audit
