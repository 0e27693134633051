#include "quoting.hpp"

#include <algorithm>
#include <cstdio>

namespace safe_docker::oracle {
namespace {

// Doubles each backslash at every level that it is quoted again.
constexpr std::size_t kLongestEscaped = 1500;

std::string Escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char letter : text) {
    if (special.find(letter) != std::string_view::npos) {
      result += '\\';
    }
    result += letter;
  }
  return result;
}

std::string Formatted(const char* format, unsigned value) {
  char text[16];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

std::string SingleQuoted(std::string_view text) {
  std::string result = "'";
  for (const char letter : text) {
    result += letter == '\'' ? "'\\''" : std::string(1, letter);
  }
  return result + "'";
}

std::string DoubleQuoted(std::string_view text) { return "\"" + Escaped(text, "\\$`\"") + "\""; }

std::string AnsiQuoted(std::string_view text, Choices* choices) {
  std::string result = "$'";
  for (const char letter : text) {
    const auto code = static_cast<unsigned>(static_cast<unsigned char>(letter));
    if (letter == '\n') {
      result += "\\n";
    } else if (letter == '\'' || letter == '\\') {
      result += std::string("\\") + letter;
    } else if (code < 128 && choices->OneIn(8)) {
      result += Formatted(choices->Draw(2) == 0 ? "\\x%02x" : "\\%03o", code);
    } else {
      result += letter;
    }
  }
  return result + "'";
}

std::string Quoted(std::string_view text, bool is_posix, Choices* choices) {
  if (text.size() > kLongestEscaped) {
    return SingleQuoted(text);
  }
  switch (choices->Draw(is_posix ? 2 : 3)) {
    case 0:
      return SingleQuoted(text);
    case 1:
      return DoubleQuoted(text);
    default:
      return AnsiQuoted(text, choices);
  }
}

std::string HereDocumentEscaped(std::string_view text) { return Escaped(text, "\\$`"); }

std::string BackquoteEscaped(std::string_view text) { return Escaped(text, "\\`"); }

std::string Base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8U | (at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      result += at + i > text.size() ? '=' : kDigits[group >> (18U - 6U * static_cast<unsigned>(i)) & 63U];
    }
  }
  return result;
}

std::string Hexadecimal(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    result += Formatted("%02x", static_cast<unsigned char>(letter));
  }
  return result;
}

std::string Rotated(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    const char first = letter >= 'a' && letter <= 'z' ? 'a' : letter >= 'A' && letter <= 'Z' ? 'A' : '\0';
    letter = first == '\0' ? letter : static_cast<char>(first + (letter - first + 13) % 26);
  }
  return result;
}

std::string Reversed(std::string_view text) { return {text.rbegin(), text.rend()}; }

bool IsPlain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           std::string_view("-_./:=,+@%").find(letter) != std::string_view::npos;
  });
}

}  // namespace safe_docker::oracle
