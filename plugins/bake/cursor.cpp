#include "cursor.hpp"

namespace safe_docker::bake {

bool AppendCodePoint(std::uint32_t point, std::string& text) {
  const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point == 0 || is_surrogate || point > 0x10FFFF) {
    return false;
  }
  const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
    return true;
  }
  if (point < 0x800) {
    add(0xC0 | (point >> 6));
  } else {
    if (point < 0x10000) {
      add(0xE0 | (point >> 12));
    } else {
      add(0xF0 | (point >> 18));
      add(0x80 | ((point >> 12) & 0x3F));
    }
    add(0x80 | ((point >> 6) & 0x3F));
  }
  add(0x80 | (point & 0x3F));
  return true;
}

std::uint32_t ReadHexadecimal(Cursor& cursor, int digits) {
  std::uint32_t value = 0;
  for (; digits > 0; --digits) {
    const char letter = cursor.Peek();
    std::uint32_t digit = 0;
    if (letter >= '0' && letter <= '9') {
      digit = static_cast<std::uint32_t>(letter - '0');
    } else if ((letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F')) {
      digit = static_cast<std::uint32_t>((letter | 0x20) - 'a' + 10);
    } else {
      cursor.Fail("a hexadecimal digit is missing");
    }
    cursor.Next();
    value = (value << 4) | digit;
  }
  return value;
}

}  // namespace safe_docker::bake
