#include "text_decoders.hpp"

#include <algorithm>

#include "language.hpp"

namespace safe_docker::shell {
namespace {

std::optional<std::string> FromBase64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c == '-' ? '+' : c == '_' ? '/' : c);
    if (c == '=' || c == '\n') {
      continue;
    }
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6) | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>((bits >> count) & 0xFF));
    }
  }
  return bytes;
}

std::optional<std::string> FromHexadecimal(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const std::size_t high = kDigits.find(static_cast<char>(text[i] | 0x20));
    const std::size_t low = kDigits.find(static_cast<char>(text[i + 1] | 0x20));
    if (high == std::string_view::npos || low == std::string_view::npos) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string Rotated(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool upper = c >= 'A' && c <= 'Z';
    const char base = lower ? 'a' : 'A';
    c = lower || upper ? static_cast<char>(base + (c - base + 13) % 26) : c;
  }
  return result;
}

}  // namespace

std::optional<std::string> DecodedText(std::string_view function, std::string_view text) {
  std::optional<std::string> decoded;
  if (IsListed(
          " b64decode urlsafe_b64decode standard_b64decode decodebytes atob base64_decode decode64 strict_decode64 "
          "decode_base64 ",
          function)) {
    decoded = FromBase64(text);
  } else if (IsListed(" unhexlify fromhex a2b_hex hex2bin ", function)) {
    decoded = FromHexadecimal(text);
  } else if (IsListed(" str_rot13 rot13 ", function)) {
    decoded = Rotated(text);
  } else if (IsListed(" strrev ", function)) {
    decoded = std::string(text.rbegin(), text.rend());
  }
  // A NUL would be taken for an unknown part.
  return decoded && decoded->find('\0') != std::string::npos ? std::nullopt : decoded;
}

std::optional<std::string> CharacterOf(std::string_view function, std::string_view number) {
  int code = 0;
  const bool digits =
      !number.empty() && number.size() <= 3 && number.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits || !IsListed(" chr fromCharCode fromCodePoint char ", function)) {
    return std::nullopt;
  }
  for (const char c : number) {
    code = code * 10 + (c - '0');
  }
  return code > 0 && code < 128 ? std::optional(std::string(1, static_cast<char>(code))) : std::nullopt;
}

}  // namespace safe_docker::shell
