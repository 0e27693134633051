#include "audit/log_filter.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>

namespace safe_docker::audit {
namespace {

// The host paths that the record speaks of. Lines of earlier versions have but the mounts, as "SOURCE:TARGET".
std::vector<std::string> Paths(const LoggedDecision& logged) {
  std::vector<std::string> paths;
  const std::optional<std::vector<docker::Request>> requests = ReadRequests(logged);
  if (!requests) {
    for (const std::string& mount : logged.bind_mounts) {
      paths.push_back(mount.substr(0, mount.find(':')));
    }
    return paths;
  }
  for (const docker::Request& request : *requests) {
    for (const docker::Effect& effect : request.effects) {
      if (effect.kind >= SDP_EFFECT_MOUNT_HOST_PATH && effect.kind <= SDP_EFFECT_DELETE_HOST_PATH) {
        paths.push_back(effect.subject);
        if (!effect.resolved.empty() && effect.resolved != effect.subject) {
          paths.push_back(effect.resolved);
        }
      }
    }
  }
  return paths;
}

std::vector<std::string> ValuesOf(const LoggedDecision& logged, FilterField field) {
  switch (field) {
    case FilterField::kDecision:
      return {std::string(policy::Name(logged.decision))};
    case FilterField::kRule:
      return logged.rules;
    case FilterField::kMode:
      return {logged.mode};
    case FilterField::kProject:
      return {logged.project};
    case FilterField::kSession:
      return {logged.session};
    case FilterField::kImage:
      return {logged.image};
    case FilterField::kPath:
      return Paths(logged);
    case FilterField::kCount:
      break;
  }
  return {};
}

}  // namespace

bool MatchesGlob(const std::string& pattern, const std::string& text) {
  return fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

void LogFilter::Add(FilterField field, std::string pattern, bool negated) {
  const auto behind =
      std::find_if(patterns_.begin(), patterns_.end(), [field](const Pattern& each) { return each.field > field; });
  patterns_.insert(behind, {field, std::move(pattern), negated});  // those of one field together
}

bool LogFilter::Matches(const LoggedDecision& logged) const {
  if (logged.time_unix_nano < since_ || logged.time_unix_nano >= until_) {
    return false;
  }
  for (auto first = patterns_.begin(); first != patterns_.end();) {
    const FilterField field = first->field;
    const std::vector<std::string> values = ValuesOf(logged, field);
    bool is_wanted = false;
    bool is_asked_for = false;
    for (; first != patterns_.end() && first->field == field; ++first) {
      const bool matches = std::any_of(values.begin(), values.end(),
                                       [&](const std::string& each) { return MatchesGlob(first->text, each); });
      if (first->negated && matches) {
        return false;
      }
      is_wanted = is_wanted || (!first->negated && matches);
      is_asked_for = is_asked_for || !first->negated;
    }
    if (is_asked_for && !is_wanted) {
      return false;
    }
  }
  return true;
}

}  // namespace safe_docker::audit
