// Which records are meant. Patterns for one field are alternatives, fields add up, and a negated pattern takes away
// what it matches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/logged_decision.hpp"

namespace safe_docker::audit {

enum class FilterField : std::uint8_t { kDecision, kRule, kMode, kProject, kSession, kImage, kPath, kCount };

class LogFilter {
 public:
  // `pattern` is a glob in which "*" matches everything, "/" as well.
  void Add(FilterField field, std::string pattern, bool negated);
  void SetSince(std::uint64_t unix_nano) { since_ = unix_nano; }
  void SetUntil(std::uint64_t unix_nano) { until_ = unix_nano; }
  bool has_times() const { return since_ != 0 || until_ != UINT64_MAX; }

  bool Matches(const LoggedDecision& logged) const;

 private:
  struct Pattern {
    FilterField field;
    std::string text;
    bool negated;
  };

  std::vector<Pattern> patterns_;
  std::uint64_t since_ = 0;
  std::uint64_t until_ = UINT64_MAX;  // not itself
};

// True if all of `text` fits the glob.
bool MatchesGlob(const std::string& pattern, const std::string& text);

}  // namespace safe_docker::audit
