// Whether what goes to standard output or standard error may be coloured, and the few colours that there are. What
// a person has said in the environment decides: NO_COLOR, then CLICOLOR_FORCE, then CLICOLOR, then whether a terminal
// is there that knows colours. Without the escape codes a coloured text is the plain one, byte by byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "command_line.hpp"

namespace safe_docker {

enum class Color : std::uint8_t { kBad, kCaution, kGood, kBold, kFaint };

class Colors {
 public:
  // None: for JSON, for files, for whoever is no person.
  Colors() = default;

  // Those for what is written to `descriptor`.
  static Colors Of(int descriptor, const Environment& environment);

  bool are_on() const { return are_on_; }

  // `text` must have been made printable: an escape code of its own would be obeyed as well.
  std::string Paint(Color color, std::string_view text) const;

 private:
  bool are_on_ = false;
};

// False for what understands no escape codes at all: files, pipes, and terminals that say so.
bool ObeysEscapeCodes(int descriptor, const Environment& environment);

}  // namespace safe_docker
