// What the commands of a project usually do, as plain counts of effects in words ("mounts ~/data"), and which of them
// do something that the project has never done. No model: each mark can be checked by counting.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "audit/logged_decision.hpp"

namespace safe_docker::audit {

// One thing that a command does, generalised: paths to a folder, images to their repository.
struct Deed {
  std::uint32_t kind = 0;  // of the effect
  std::string text;        // "mounts ~/data": goes on from "the project ..."
  friend bool operator==(const Deed& left, const Deed& right) = default;
  friend bool operator<(const Deed& left, const Deed& right) {
    return std::tie(left.kind, left.text) < std::tie(right.kind, right.text);
  }
};

// What `logged` does, each thing once. Lines of earlier versions say no more than mounts and the image.
std::vector<Deed> DeedsOf(const LoggedDecision& logged);

// The past of one project.
struct ProjectPast {
  std::uint64_t commands = 0;
  std::uint64_t first = 0;  // when, in nanoseconds
  std::uint64_t last = 0;
  std::map<Deed, std::uint64_t> deeds;  // how many commands did it

  void Add(const LoggedDecision& logged, const std::vector<Deed>& done);
  // True if there is too little of it to call anything unusual.
  bool is_short() const;
  // True if the project has never done `deed`, and new things of this kind are not its daily work.
  bool IsUnusual(const Deed& deed) const;
};

// By project; "" for commands outside of any.
using Baseline = std::map<std::string, ProjectPast, std::less<>>;

// Only what was let through is learnt: nobody makes a thing usual by trying it again and again.
bool IsLearnt(const LoggedDecision& logged);

std::string WriteBaseline(const Baseline& baseline);
// Nothing if `text` is no baseline.
std::optional<Baseline> ReadBaseline(std::string_view text);

struct Anomaly {
  std::string project;
  Deed deed;
  std::uint64_t commands = 0;  // of the project, until then
  std::uint64_t times = 1;     // how often it was met
  std::uint64_t time_unix_nano = 0;
  std::string id;
  std::string command;
  policy::Decision decision = policy::Decision::kAllow;

  // "first time that this project mounts ~/data; 0 of 212 commands before did"
  std::string Describe() const;
};

// Compares each command with what its project had done until then.
class AnomalyFinder {
 public:
  explicit AnomalyFinder(Baseline past) : past_(std::move(past)) {}

  // The next command of the log. `reports`: it is one of those that are asked about, not only of the past.
  void Add(const LoggedDecision& logged, bool reports);

  const std::vector<Anomaly>& anomalies() const { return anomalies_; }
  const Baseline& past() const { return past_; }

 private:
  Baseline past_;
  std::vector<Anomaly> anomalies_;
  std::map<std::pair<std::string, Deed>, std::size_t> known_;  // where it stands among them
};

}  // namespace safe_docker::audit
