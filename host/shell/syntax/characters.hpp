// What each character means to bash's grammar, as one table, so that runs of ordinary characters are skipped by a
// look-up a byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace safe_docker::shell {

enum CharacterClass : std::uint8_t {
  kBlankCharacter = 1,      // a blank
  kEndsWordCharacter = 2,   // a blank, a line's end or a character of an operator
  kNameCharacter = 4,       // a letter, digit or underscore
  kDigitCharacter = 8,      // a digit
  kWordCharacter = 16,      // means nothing in an unquoted word
  kQuotedCharacter = 32,    // means nothing in double quotes
  kOperandCharacter = 64,   // means nothing in the word of ${name:-word}
  kKeywordCharacter = 128,  // a keyword may begin with it
};

constexpr std::array<std::uint8_t, 256> MakeCharacterClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const char c = static_cast<char>(i);
    const auto is_among = [c](std::string_view some) { return some.find(c) != std::string_view::npos; };
    const bool digit = c >= '0' && c <= '9';
    const bool name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit || c == '_';
    const bool ends_word = is_among(" \t\n;|&()<>");
    const auto flag = [](CharacterClass character_class, bool holds) { return holds ? unsigned{character_class} : 0U; };
    const unsigned flags =
        flag(kBlankCharacter, is_among(" \t")) | flag(kEndsWordCharacter, ends_word) | flag(kNameCharacter, name) |
        flag(kDigitCharacter, digit) | flag(kWordCharacter, !ends_word && !is_among("'\"\\$`[{")) |
        flag(kQuotedCharacter, !is_among("\"\\$`")) | flag(kOperandCharacter, !is_among("'\"\\$`<>}/:?()[]")) |
        flag(kKeywordCharacter, is_among("itefswudc{}[!"));
    classes[i] = static_cast<std::uint8_t>(flags);
  }
  return classes;
}

inline constexpr std::array<std::uint8_t, 256> kCharacterClasses = MakeCharacterClasses();

constexpr bool Is(CharacterClass character_class, char c) {
  return (kCharacterClasses[static_cast<unsigned char>(c)] & character_class) != 0;
}

// A blank, a line's end or a character of an operator.
constexpr bool EndsWord(char c) { return Is(kEndsWordCharacter, c); }
// A letter, digit or underscore.
constexpr bool IsNameCharacter(char c) { return Is(kNameCharacter, c); }
// Whether `text` is a variable's name.
constexpr bool IsName(std::string_view text) {
  if (text.empty() || Is(kDigitCharacter, text[0])) {
    return false;
  }
  for (const char c : text) {
    if (!IsNameCharacter(c)) {
      return false;
    }
  }
  return true;
}

}  // namespace safe_docker::shell
