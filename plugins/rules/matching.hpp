// Comparing a text, of which parts may be unknown (a NUL byte stands for each), with the patterns of a rule: "*" stands
// for any characters but "/", "**" for any, "*" alone for any text at all. The answer is what holds whatever the
// unknown parts turn out to be, or that nobody can tell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "truth.hpp"

namespace safe_docker::rules {

enum class Letters : std::uint8_t { kExact, kIgnoreCase };

// Whether all of `text` fits the pattern.
Truth MatchesPattern(std::string_view pattern, std::string_view text, Letters letters = Letters::kExact);

// For absolute paths: a pattern that ends in "/**" means the folder itself as well.
Truth MatchesPath(std::string_view pattern, std::string_view path, Letters letters);

// Whether `path` is `folder`, lies in it, or holds it.
Truth Touches(std::string_view folder, std::string_view path, Letters letters);

// Ports from `first` to `last`.
struct Ports {
  std::int64_t first = 0;
  std::int64_t last = 65535;
};

// Whether one of the ports of `text` ("8080", "8000-8010") lies in `ports`; read narrowly, whether all do.
Truth MatchesPorts(const Ports& ports, std::string_view text, Reading reading);

// Reads "80" or "8000-8010"; false if it is neither.
bool ReadPorts(std::string_view text, Ports* ports);

}  // namespace safe_docker::rules
