#include "escapes.hpp"

#include <algorithm>

namespace safe_docker::shell {
namespace {

int DigitValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

struct Digits {
  std::size_t count = 0;
  unsigned long value = 0;
};

Digits ReadDigits(std::string_view text, int base, std::size_t most) {
  Digits digits;
  while (digits.count < std::min(most, text.size()) && DigitValue(text[digits.count]) < base) {
    digits.value =
        digits.value * static_cast<unsigned long>(base) + static_cast<unsigned long>(DigitValue(text[digits.count++]));
  }
  return digits;
}

// A backslash that begins no escape; what follows it is read on its own.
Escape Backslash() { return {1, "\\"}; }

Escape DecodeOctal(std::string_view text, EscapeDialect dialect) {
  const bool zero = text[1] == '0';
  if (dialect == EscapeDialect::kEcho && !zero) {
    return Backslash();
  }
  const std::size_t most = zero && dialect != EscapeDialect::kFormat ? 4 : 3;
  const Digits digits = ReadDigits(text.substr(1), 8, most);
  Escape escape = {digits.count + 1, std::string(1, static_cast<char>(digits.value & 0xFF))};
  escape.portable = digits.value < 0x80 && (dialect == EscapeDialect::kFormat || zero);
  return escape;
}

// \xHH, \uHHHH, \UHHHHHHHH
Escape DecodeHexadecimal(std::string_view text) {
  const std::size_t most = text[1] == 'x' ? 2 : (text[1] == 'u' ? 4 : 8);
  const Digits digits = ReadDigits(text.substr(2), 16, most);
  if (digits.count == 0) {
    return Backslash();
  }
  Escape escape = {digits.count + 2, std::string(1, static_cast<char>(digits.value & 0xFF))};
  escape.known = text[1] == 'x' || digits.value < 0x80;
  return escape;
}

}  // namespace

Escape DecodeEscape(std::string_view text, EscapeDialect dialect) {
  constexpr std::string_view kLetters = "abfnrtv\\eE";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\033\033";
  if (text.size() < 2) {
    return Backslash();
  }
  const char c = text[1];
  if (const std::size_t letter = kLetters.find(c); letter != std::string_view::npos) {
    Escape escape = {2, std::string(1, kMeanings[letter])};
    escape.portable = c != 'e' && c != 'E';
    return escape;
  }
  if (c >= '0' && c <= '7') {
    return DecodeOctal(text, dialect);
  }
  if (c == 'x' || c == 'u' || c == 'U') {
    return DecodeHexadecimal(text);
  }
  if (c == 'c' && dialect != EscapeDialect::kFormat) {
    Escape escape = {2, {}};
    escape.ends = true;
    escape.portable = true;
    return escape;
  }
  const bool quote = c == '"' || c == '\'' || c == '?';
  return dialect == EscapeDialect::kFormat && quote ? Escape{2, std::string(1, c)} : Backslash();
}

}  // namespace safe_docker::shell
