// From the log to policy: gathers what was asked about or denied again and again, and writes the smallest exceptions
// for it as a fragment of configuration, for a person to read and to copy. Never writes the configuration.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "audit/excuses.hpp"
#include "audit/logged_decision.hpp"
#include "policy/finding.hpp"

namespace safe_docker::audit {

// How often something was met, and what became of it.
struct Meetings {
  std::uint64_t count = 0;
  std::uint64_t approved = 0;  // a person said yes
  std::uint64_t refused = 0;   // a person said no
  std::set<std::string, std::less<>> sessions;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  policy::Decision decision = policy::Decision::kAllow;  // the strongest
  std::string example;                                   // the first command
  std::string example_id;
  std::string project;
  std::string home;

  void Add(const Meetings& other);
};

struct SuggestionSettings {
  std::uint64_t min_count = 2;
  bool asks = true;
  bool denials = true;
};

class Suggestions {
 public:
  explicit Suggestions(const SuggestionSettings& settings) : settings_(settings) {}

  // What `logged` would come to under the configuration in force.
  void Add(const LoggedDecision& logged, const policy::Verdict& verdict);
  // A record of which nobody can tell that.
  void AddUnknown() { ++unknown_; }

  // TOML. Exceptions that a person has agreed to stand as they are, others as comments; what is never excused is
  // explained. The same log gives the same text.
  std::string Fragment() const;

  // The same for programs.
  nlohmann::ordered_json ToJson() const;

 private:
  // What one exception would be for. Ordered as it is printed.
  struct Key {
    std::string rule;
    MatchField field = MatchField::kValue;
    std::string match;
    friend bool operator<(const Key& left, const Key& right) {
      return std::tie(left.rule, left.field, left.match) < std::tie(right.rule, right.field, right.match);
    }
  };
  struct Candidate {
    Excuse::Kind kind = Excuse::Kind::kDoubtful;
    std::string_view risk;
    Meetings meetings;
  };
  struct Refused {
    std::string_view why;
    std::string advice;
    Meetings meetings;
  };
  using Candidates = std::map<Key, Candidate>;

  static Candidates Generalise(const Candidates& candidates);
  bool IsRepeated(const Meetings& meetings) const;
  bool IsAgreedTo(const Candidate& candidate) const;
  std::string Exception(const Key& key, const Candidate& candidate) const;

  SuggestionSettings settings_;
  Candidates candidates_;
  std::map<std::string, Refused, std::less<>> refused_;  // by rule
  std::uint64_t records_ = 0;
  std::uint64_t unknown_ = 0;
};

// Why the record was decided so, what would be decided now, and what could be done about it.
std::string ExplainRecord(const LoggedDecision& logged, const policy::Verdict& verdict);
nlohmann::ordered_json ExplainRecordAsJson(const LoggedDecision& logged, const policy::Verdict& verdict);

}  // namespace safe_docker::audit
