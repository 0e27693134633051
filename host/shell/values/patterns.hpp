// The shell's patterns: '*', '?', bracket expressions and extended globs, matched against texts of which parts may be
// unknown. Matching keeps sets of places instead of going back, so that no pattern takes more than bounded work.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::shell {

struct PatternOptions {
  bool extended = false;  // shopt -s extglob
  bool ignore_case = false;
};

// `text` as a pattern in which a backslash quotes: of '*', '?' and '[' only those at `active` keep their meaning.
std::string QuotedPattern(std::string_view text, const std::vector<std::uint32_t>& active);

// Whether `text` matches `pattern`, in which '*', '?' and '[...]' mean what they do to the shell, and an unknown part
// is anything. `globs` are the places of the characters that are not quoted; null if all are quoted.
bool MatchesPattern(std::string_view pattern, const std::vector<std::uint32_t>* globs, std::string_view text);

// Whether an active "@(" or its like stands in `pattern`, in which a backslash quotes.
bool HasExtendedGlob(std::string_view pattern);

// Whether `pattern` matches more than one text.
bool HasGlob(std::string_view pattern, bool extended);

class Pattern {
 public:
  enum class Match : std::uint8_t { kNo, kYes, kUnknown };
  struct Piece {
    Match found = Match::kNo;
    std::size_t end = 0;  // if kYes
  };

  // A backslash in `pattern` quotes what follows; an unknown part is any text.
  Pattern(std::string_view pattern, PatternOptions options);

  Match Matches(std::string_view text) const;
  // The shortest or longest piece at the front of `text` that matches.
  Piece FindPrefix(std::string_view text, bool longest) const;
  // The same at the back: `end` is where the piece begins.
  Piece FindSuffix(std::string_view text, bool longest) const;

 private:
  struct Element;
  using Elements = std::vector<Element>;
  struct Element {
    enum class Kind : std::uint8_t { kCharacter, kAny, kStar, kBracket, kGroup, kUnknown };
    Kind kind = Kind::kCharacter;
    char character = '\0';               // of kGroup: the one before the parenthesis
    std::bitset<256> set;                // of kBracket
    std::vector<Elements> alternatives;  // of kGroup
  };
  class Compiler;
  class Matcher;

  static void Reverse(Elements* elements);
  Piece Find(const Elements& elements, std::string_view text, bool longest) const;
  bool CountsCharacters(const Elements& elements) const;

  PatternOptions options_;
  Elements elements_;
  bool too_deep_ = false;
};

// `text` with the first match of `pattern`, or with `all` each, replaced. `anchor` is '#' or '%' if the match must
// stand at the front or the back, else NUL. With `ampersand` an unquoted '&' of `replacement`, in which a backslash
// quotes, stands for what matched. Nothing if that cannot be told.
struct Replacement {
  std::string_view text;
  bool ampersand = true;
  bool all = false;
  char anchor = '\0';
};
std::optional<std::string> ReplaceMatches(std::string_view text, const Pattern& pattern,
                                          const Replacement& replacement);

}  // namespace safe_docker::shell
