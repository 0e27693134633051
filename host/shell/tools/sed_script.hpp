// The commands of a sed script, as far as they are the same everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "regex.hpp"

namespace safe_docker::shell {

struct SedAddress {
  enum class Kind : std::uint8_t { kNone, kLine, kLast, kRegex, kOffset };
  Kind kind = Kind::kNone;
  std::size_t number = 0;
  std::optional<Regex> regex;
};

// A piece of a replacement: text, and what is put behind it.
struct SedPiece {
  static constexpr int kNoGroup = -1;
  std::string text;
  int group = kNoGroup;
};

struct SedCommand {
  SedAddress from;
  SedAddress to;
  bool negated = false;
  char name = '\0';
  std::string text;  // of a, i and c
  // Of s:
  std::optional<Regex> regex;
  std::vector<SedPiece> replacement;
  bool uses_groups = false;
  bool global = false;
  bool prints = false;
  std::size_t occurrence = 1;
  std::array<char, 256> becomes{};  // of y
};

// Nothing if any part of the script is not understood.
std::optional<std::vector<SedCommand>> ParseSedScript(std::string_view script, bool extended);

}  // namespace safe_docker::shell
