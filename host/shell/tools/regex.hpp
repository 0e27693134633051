// The part of POSIX regular expressions that sed and grep read alike everywhere, matched in time linear in the text.
// What is not understood for sure does not compile.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::shell {

struct RegexOptions {
  bool extended = false;
  bool ignore_case = false;
  bool of_sed = false;  // \n and \t mean what they say
};

struct RegexMatch {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  // Begin and end of the whole match and of the groups; kNone for a group that took no part.
  std::array<std::size_t, 20> places;

  std::size_t begin() const { return places[0]; }
  std::size_t end() const { return places[1]; }
};

// One instruction of the program that an expression is compiled to.
struct RegexInstruction {
  enum class Kind : std::uint8_t { kSet, kSplit, kJump, kSave, kLineBegin, kLineEnd, kMatch };
  Kind kind = Kind::kMatch;
  std::uint32_t number = 0;  // of the set, or of the place that is saved
  // How far to go on, seen from here; a split tries the first way first.
  std::int32_t first = 1;
  std::int32_t second = 1;
};

class Regex {
 public:
  using Set = std::bitset<256>;

  static std::optional<Regex> Compile(std::string_view pattern, const RegexOptions& options);

  std::size_t groups() const { return groups_; }
  // False if a match depends on what is a character in bytes beyond ASCII.
  bool matches_bytes() const { return matches_bytes_; }

 private:
  friend class RegexCompiler;
  friend class RegexMatcher;

  std::vector<RegexInstruction> program_;
  std::vector<Set> sets_;
  std::string literal_;  // the whole expression, if that is characters alone
  std::size_t groups_ = 0;
  bool matches_bytes_ = true;
  bool simple_ = true;  // no alternatives, no groups in groups, no repeated groups
  bool repeated_groups_ = false;
};

// Matches expressions against lines, with bounded work in all.
class RegexMatcher {
 public:
  enum class Result : std::uint8_t { kMatch, kNoMatch, kUnknown };

  // The leftmost of the longest matches that begin at `from` or later. `needs_groups`: their places count too.
  Result Search(const Regex& regex, std::string_view text, std::size_t from, bool needs_groups, RegexMatch* match);

 private:
  struct Job {
    std::size_t instruction;
    std::size_t position;
    std::size_t place;  // of the saved place that is put back; kNone for a step
  };
  static constexpr std::size_t kNotRestoring = RegexMatch::kNone;

  Result SearchLiteral(const std::string& literal, std::string_view text, std::size_t from, RegexMatch* match);
  bool MatchAt(const Regex& regex, std::string_view text, std::size_t begin, RegexMatch* match);
  void Walk(const Regex& regex, std::string_view text, Job job, RegexMatch* match);
  void Reach(std::size_t position, RegexMatch* match);
  bool Visit(std::size_t instruction, std::size_t position);

  std::vector<std::uint32_t> visited_;  // when each place of the program and the text was last seen
  std::vector<Job> jobs_;
  RegexMatch current_{};
  std::uint32_t round_ = 0;
  std::size_t from_ = 0;
  std::size_t width_ = 0;
  bool exhaustive_ = false;  // every way is walked, to see whether the groups are the same in all
  bool unique_ = true;
  bool found_ = false;
  std::size_t work_left_ = 1024 * 1024;
};

}  // namespace safe_docker::shell
