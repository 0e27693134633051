// Backslash escapes as bash's echo and printf decode them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace safe_docker::shell {

enum class EscapeDialect : std::uint8_t {
  kEcho,     // of echo -e
  kFormat,   // of printf's format
  kArgument  // of printf's %b
};

struct Escape {
  std::size_t size = 1;   // of what is read, with the backslash
  std::string text;       // what it stands for
  bool known = true;      // false: that depends on the locale
  bool ends = false;      // \c: nothing is printed from here on
  bool portable = false;  // all shells, and the programs of the same names, decode it alike
};

// Decodes the escape that `text` begins with.
Escape DecodeEscape(std::string_view text, EscapeDialect dialect);

}  // namespace safe_docker::shell
