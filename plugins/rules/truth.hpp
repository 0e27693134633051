// What is known of a condition before the command runs: it holds, it does not, or nobody can tell. Ordered, so that
// "and" is the smaller and "or" the greater of two.
#pragma once

#include <algorithm>
#include <cstdint>

namespace safe_docker::rules {

enum class Truth : std::uint8_t { kFalse, kUnknown, kTrue };

constexpr Truth And(Truth left, Truth right) { return std::min(left, right); }
constexpr Truth Or(Truth left, Truth right) { return std::max(left, right); }
constexpr Truth Not(Truth truth) {
  return truth == Truth::kTrue ? Truth::kFalse : truth == Truth::kFalse ? Truth::kTrue : Truth::kUnknown;
}
constexpr Truth FromBool(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

// How a doubtful comparison counts. A prohibition is read widely and an exception from it ("not") narrowly: of a path
// and where its links lead one is enough for the former, while the latter wants both.
enum class Reading : std::uint8_t { kWide, kNarrow };

constexpr Reading Opposite(Reading reading) { return reading == Reading::kWide ? Reading::kNarrow : Reading::kWide; }

}  // namespace safe_docker::rules
