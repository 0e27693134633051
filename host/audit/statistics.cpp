#include "audit/statistics.hpp"

#include <algorithm>
#include <limits>

#include "audit/times.hpp"

namespace safe_docker::audit {
namespace {

struct PropertyName {
  std::string_view name;
  Property property;
};
constexpr PropertyName kProperties[] = {{"rule", Property::kRule},       {"image", Property::kImage},
                                        {"session", Property::kSession}, {"project", Property::kProject},
                                        {"day", Property::kDay},         {"decision", Property::kDecision},
                                        {"mode", Property::kMode}};

std::size_t IndexOf(policy::Decision decision) {
  return static_cast<std::size_t>(decision) - static_cast<std::size_t>(policy::Decision::kAllow);
}

// What `logged` counts for. A record counts once for each rule that took part.
std::vector<std::string> KeysOf(const LoggedDecision& logged, Property property) {
  switch (property) {
    case Property::kRule:
      return logged.rules;
    case Property::kImage:
      return logged.image.empty() ? std::vector<std::string>{} : std::vector<std::string>{logged.image};
    case Property::kSession:
      return {logged.session.empty() ? "(none)" : logged.session};
    case Property::kProject:
      return {logged.project.empty() ? "(none)" : logged.project};
    case Property::kDay:
      return {FormatDay(logged.time_unix_nano)};
    case Property::kDecision:
      return {std::string(policy::Name(logged.decision))};
    case Property::kMode:
      return {logged.mode};
  }
  return {};
}

}  // namespace

std::optional<Property> PropertyByName(std::string_view name) {
  for (const PropertyName& each : kProperties) {
    if (each.name == name) {
      return each.property;
    }
  }
  return std::nullopt;
}

void Tally::Add(const LoggedDecision& logged) {
  ++by_decision[IndexOf(logged.decision)];
  if (logged.has_duration) {
    constexpr std::uint64_t kLongest = std::numeric_limits<std::uint32_t>::max();
    durations_us.push_back(static_cast<std::uint32_t>(std::min(logged.duration_us, kLongest)));
  }
}

std::uint64_t Tally::Of(policy::Decision decision) const { return by_decision[IndexOf(decision)]; }

std::optional<std::uint32_t> Tally::Percentile(unsigned percent) const {
  if (durations_us.empty()) {
    return std::nullopt;
  }
  std::vector<std::uint32_t> durations = durations_us;
  const std::size_t rank = (durations.size() * percent + 99) / 100;  // the nearest rank, from 1
  const auto at = durations.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(durations.begin(), at, durations.end());
  return *at;
}

void Statistics::Add(const LoggedDecision& logged) {
  total_.Add(logged);
  first_ = first_ == 0 ? logged.time_unix_nano : std::min(first_, logged.time_unix_nano);
  last_ = std::max(last_, logged.time_unix_nano);
  for (const std::string& key : KeysOf(logged, property_)) {
    groups_[key].Add(logged);
  }
}

std::vector<std::pair<std::string, const Tally*>> Statistics::Groups() const {
  std::vector<std::pair<std::string, const Tally*>> groups;
  groups.reserve(groups_.size());
  for (const auto& [key, tally] : groups_) {
    groups.emplace_back(key, &tally);
  }
  if (property_ != Property::kDay) {
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& left, const auto& right) { return left.second->count() > right.second->count(); });
  }
  return groups;
}

}  // namespace safe_docker::audit
