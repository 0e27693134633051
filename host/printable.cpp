#include "printable.hpp"

namespace safe_docker {
namespace {

void AppendEscaped(std::string_view bytes, std::string* text) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char letter : bytes) {
    *text += "\\x";
    *text += kDigits[static_cast<unsigned char>(letter) >> 4];
    *text += kDigits[static_cast<unsigned char>(letter) & 15];
  }
}

}  // namespace

Character NextCharacter(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xC2 ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  if (size <= 1 || size > text.size()) {
    return {size == 1 ? first : kNoCharacter, 1};
  }
  std::uint32_t code = first & (0x7FU >> size);
  for (std::size_t index = 1; index < size; ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    if ((byte & 0xC0U) != 0x80) {
      return {kNoCharacter, 1};
    }
    code = code << 6 | (byte & 0x3FU);
  }
  return {code, size};
}

bool MayMislead(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F || code == 0x061C ||
         code == kNoCharacter;
}

std::string Printable(std::string_view text) {
  std::string printable;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = NextCharacter(text.substr(at));
    if (character.code == 0) {
      printable += '?';
    } else if (character.code == '\n' || character.code == '\t') {
      printable += ' ';
    } else if (MayMislead(character.code)) {
      AppendEscaped(text.substr(at, character.size), &printable);
    } else {
      printable += text.substr(at, character.size);
    }
    at += character.size;
  }
  return printable;
}

}  // namespace safe_docker
