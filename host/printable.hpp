// Texts that others have written, made safe to be shown: a terminal obeys some characters, and others change the order
// in which a text is read. Whatever people see of a command, a file or the log goes through here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace safe_docker {

// `text` with control characters, what is no UTF-8, and the NUL of unknown parts made visible; a line end becomes a
// blank.
std::string Printable(std::string_view text);

// ---- For those who escape in another way ---------------------------------------------------------------------------

inline constexpr std::uint32_t kNoCharacter = 0xFFFFFFFF;

struct Character {
  std::uint32_t code;  // kNoCharacter for a byte that is no UTF-8
  std::size_t size;    // in bytes
};

// The first character of `text`, which is not empty.
Character NextCharacter(std::string_view text);

// True for characters that a terminal obeys or that change the order in which others are shown.
bool MayMislead(std::uint32_t code);

}  // namespace safe_docker
