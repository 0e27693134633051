// Which rules a line of the configuration speaks of: one rule ("flags/device"), several ("flags/*"), those with a tag
// ("tag:network"), or "all". Where several lines speak of a rule, the one that names it most exactly counts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/finding.hpp"

namespace safe_docker::policy {

struct Selector {
  // Ordered by how exactly it names a rule.
  enum class Kind : std::uint8_t { kAll, kTag, kPattern, kRule };
  Kind kind = Kind::kRule;
  std::string text;  // rule id, pattern, or tag without "tag:"

  friend bool operator==(const Selector&, const Selector&) = default;
};

Selector ReadSelector(std::string_view text);

bool Selects(const Selector& selector, std::string_view rule, std::string_view tags);

// As it is written in the configuration.
std::string Describe(const Selector& selector);

}  // namespace safe_docker::policy
