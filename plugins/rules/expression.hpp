// Regular expressions for the text of a command, matched in time linear in the text by walking all ways at once: no
// text makes one slow. Bytes are compared, "." is any of them, "^" and "$" are the ends of the whole text. It has
// groups, "|", "*", "+", "?", "{n,m}", classes, \d \s \w \b and a leading (?i); what would need another way of matching
// (back references, looking around) is refused.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::rules {

class Expression {
 public:
  using Set = std::bitset<256>;
  struct Error {
    std::size_t at = 0;  // in the pattern, from 0
    std::string what;
  };

  static std::optional<Expression> Compile(std::string_view pattern, Error* error);

  // Whether it fits some part of `text`.
  bool Finds(std::string_view text) const;

 private:
  friend class ExpressionWriter;
  friend class ExpressionWalk;

  struct Step {
    enum class Kind : std::uint8_t { kSet, kSplit, kJump, kBegin, kEnd, kWordEdge, kNoWordEdge, kMatch };
    Kind kind = Kind::kMatch;
    std::size_t set = 0;
    // Where to go on; a split goes both ways.
    std::size_t first = 0;
    std::size_t second = 0;
  };

  std::vector<Step> steps_;
  std::vector<Set> sets_;
};

}  // namespace safe_docker::rules
