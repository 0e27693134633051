// The inside of string literals: escapes are undone, and the holes that are filled when the program runs are kept
// apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tokens.hpp"

namespace safe_docker::shell {

struct StringStyle {
  std::string close;         // what ends it; empty: nothing does
  bool plain = false;        // only \\ and the quote itself are escaped
  bool raw = false;          // a backslash stays, and still keeps the quote from closing
  std::string_view hole;     // "${" or "#{"
  bool brace_holes = false;  // {x} is one, {{ is a brace
  bool sigil_holes = false;  // $name and @name are holes
  char open = '\0';          // nests
};

struct StringLiteral {
  std::vector<Piece> pieces;
  std::size_t end = 0;  // behind the closing quote
  bool closed = true;
};

// The literal whose inside starts at `begin`.
StringLiteral ReadStringLiteral(std::string_view text, std::size_t begin, const StringStyle& style);

// The delimiter that closes what `open` opened.
char ClosingOf(char open);

// Words at blanks, of a list such as qw(a b).
std::vector<Piece> SplitPieces(const std::vector<Piece>& pieces);

}  // namespace safe_docker::shell
