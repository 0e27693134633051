// How many decisions of which kind, and how long they took: over all, and by one property of the records.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/logged_decision.hpp"

namespace safe_docker::audit {

enum class Property : std::uint8_t { kRule, kImage, kSession, kProject, kDay, kDecision, kMode };

// "rule", "image", ...
std::optional<Property> PropertyByName(std::string_view name);

struct Tally {
  std::array<std::uint64_t, 3> by_decision = {};  // allow, ask, deny
  std::vector<std::uint32_t> durations_us;        // of those that say how long they took

  void Add(const LoggedDecision& logged);
  std::uint64_t count() const { return by_decision[0] + by_decision[1] + by_decision[2]; }
  std::uint64_t Of(policy::Decision decision) const;
  // The duration that `percent` of them do not exceed. Nothing if none is known.
  std::optional<std::uint32_t> Percentile(unsigned percent) const;
};

class Statistics {
 public:
  explicit Statistics(Property property) : property_(property) {}

  void Add(const LoggedDecision& logged);

  const Tally& total() const { return total_; }
  std::uint64_t first_time() const { return first_; }
  std::uint64_t last_time() const { return last_; }
  // By what the property is, the most frequent first; days in their order.
  std::vector<std::pair<std::string, const Tally*>> Groups() const;

 private:
  Property property_;
  Tally total_;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  std::map<std::string, Tally, std::less<>> groups_;
};

}  // namespace safe_docker::audit
