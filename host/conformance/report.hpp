// What trying out a plugin has found: one point after the other, each with what is wrong and how to mend it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safe_docker::conformance {

enum class Level : std::uint8_t { kOk, kSkipped, kWarning, kFailure };

// "ok", "skip", "warn" or "fail".
constexpr std::string_view Name(Level level) {
  constexpr std::string_view kNames[] = {"ok", "skip", "warn", "fail"};
  return kNames[static_cast<std::size_t>(level)];
}

struct Point {
  std::string id;  // which check: "symbols"
  Level level = Level::kOk;
  std::string text;    // what was found, in one line
  std::string advice;  // how to mend it; empty if there is nothing to mend
};

struct Report {
  std::vector<Point> points;
  std::map<std::string, std::string, std::less<>> facts;  // "id", "version", "abi"
  std::vector<std::string> details;                       // what only --verbose tells

  void Ok(std::string_view id, std::string text) {
    points.push_back({std::string(id), Level::kOk, std::move(text), {}});
  }
  void Skip(std::string_view id, std::string text) {
    points.push_back({std::string(id), Level::kSkipped, std::move(text), {}});
  }
  void Warn(std::string_view id, std::string text, std::string advice) {
    points.push_back({std::string(id), Level::kWarning, std::move(text), std::move(advice)});
  }
  void Fail(std::string_view id, std::string text, std::string advice) {
    points.push_back({std::string(id), Level::kFailure, std::move(text), std::move(advice)});
  }

  std::size_t Count(Level level) const {
    return static_cast<std::size_t>(
        std::count_if(points.begin(), points.end(), [level](const Point& each) { return each.level == level; }));
  }
};

}  // namespace safe_docker::conformance
