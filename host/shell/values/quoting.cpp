#include "quoting.hpp"

#include <algorithm>
#include <array>

#include "command_line.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::string_view kEscapeLetters = "abeEfnrtv\\'\"?";
constexpr std::string_view kEscapeMeanings = "\a\b\033\033\f\n\r\t\v\\'\"?";

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

// In $'...', as bash writes it.
std::string AnsiQuoted(std::string_view text) {
  constexpr std::string_view kLetters = "abEfnrtv\\'";
  constexpr std::string_view kMeanings = "\a\b\033\f\n\r\t\v\\'";
  std::string quoted = "$'";
  for (const char c : text) {
    if (const std::size_t letter = kMeanings.find(c); letter != std::string_view::npos) {
      quoted.append({'\\', kLetters[letter]});
    } else if (IsControl(c)) {
      const auto byte = static_cast<unsigned char>(c);
      quoted.append({'\\', static_cast<char>('0' + byte / 64), static_cast<char>('0' + byte / 8 % 8),
                     static_cast<char>('0' + byte % 8)});
    } else {
      quoted.push_back(c);
    }
  }
  return quoted + "'";
}

}  // namespace

std::optional<std::string> ReusablyQuoted(std::string_view text) {
  if (!IsKnown(text) || !IsPlain(text)) {
    return std::nullopt;
  }
  if (std::any_of(text.begin(), text.end(), IsControl)) {
    return AnsiQuoted(text);
  }
  std::string quoted = "'";
  for (const char c : text) {
    quoted.append(c == '\'' ? "'\\''" : std::string(1, c));
  }
  return quoted + "'";
}

std::optional<std::string> DoublyQuoted(std::string_view text) {
  if (!IsKnown(text) || !IsPlain(text)) {
    return std::nullopt;
  }
  if (std::any_of(text.begin(), text.end(), IsControl)) {
    return AnsiQuoted(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted.append(std::string_view("\"\\$`").find(c) != std::string_view::npos ? "\\" : "").append(1, c);
  }
  return quoted + "\"";
}

std::optional<std::string> KeyQuoted(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(" \t\n'\"\\|&;()<>!{}*[]?^$`@#~=,%") == std::string_view::npos;
  return plain && IsKnown(text) && IsPlain(text) && !std::any_of(text.begin(), text.end(), IsControl)
             ? std::optional<std::string>(text)
             : DoublyQuoted(text);
}

std::optional<std::string> AnsiUnescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      result.push_back(text[i]);
      continue;
    }
    const char c = text[++i];
    if (const std::size_t letter = kEscapeLetters.find(c); letter != std::string_view::npos) {
      result.push_back(kEscapeMeanings[letter]);
      continue;
    }
    const bool hex = c == 'x';
    if (!hex && (c < '0' || c > '7')) {
      if (c == 'u' || c == 'U' || c == 'c') {
        return std::nullopt;
      }
      result.append({'\\', c});
      continue;
    }
    i += hex ? 1 : 0;
    int code = 0;
    int digits = 0;
    for (; digits < (hex ? 2 : 3) && i < text.size() && DigitOf(text[i]) < (hex ? 16 : 8); ++digits, ++i) {
      code = code * (hex ? 16 : 8) + DigitOf(text[i]);
    }
    --i;
    if (digits == 0 || (code & 0xFF) == 0) {
      return std::nullopt;
    }
    result.push_back(static_cast<char>(code));
  }
  return result;
}

}  // namespace safe_docker::shell
