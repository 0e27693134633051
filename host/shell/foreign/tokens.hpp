// A lexer for programs of many languages, as far as it takes to tell strings from code: each language is a row of
// `Syntax`. Strings keep the places where other values are put into them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::shell {

// How a language writes comments, names and strings.
struct Syntax {
  std::string_view line_comments;    // each between two blanks: " # // "
  std::string_view block_comment;    // what opens and closes one, a blank between: "/* */"
  std::string_view quotes;           // characters that open a string
  std::string_view plain_quotes;     // those of them in whose strings nothing is replaced but \\ and the quote
  char command_quote = '\0';         // of a string that is run
  char template_quote = '\0';        // of a string with holes that may span lines
  std::string_view hole;             // what opens a hole in a string that is not plain: "#{", "${"
  std::string_view sigils;           // characters that may begin a name
  bool sigil_holes = false;          // a name with '$' or '@' is a hole
  bool triple_quotes = false;        // """...""" and '''...'''
  bool string_prefixes = false;      // r"", f"" and b"" of Python
  bool quote_operators = false;      // q{} qq{} qw{} qx{} m{} s{}{} tr{}{} of Perl
  bool percent_literals = false;     // %q{} %w{} %x{} of Ruby
  bool here_documents = false;       // <<NAME
  bool regular_expressions = false;  // /.../ where a value is expected
  bool long_brackets = false;        // [[...]] of Lua
  bool embedded = false;             // the program starts at "<?php"
};

// A piece of a string: its text, or the code of a hole.
struct Piece {
  std::string text;
  bool is_hole = false;
};

struct Token {
  enum class Kind : std::uint8_t {
    kName,
    kNumber,
    kString,
    kCommand,  // a string that is run
    kWords,    // a list of words: each a piece
    kPattern,  // a regular expression
    kSymbol,   // one character
    kNewline
  };
  Kind kind = Kind::kSymbol;
  std::string text;  // of a name or symbol
  std::vector<Piece> pieces;
  std::size_t begin = 0;

  bool Is(std::string_view symbol) const { return kind == Kind::kSymbol && text == symbol; }
  bool IsName(std::string_view name) const { return kind == Kind::kName && text == name; }
};

struct Tokens {
  std::vector<Token> tokens;
  bool broken = false;  // a string or comment does not end, or a bound was reached
};

Tokens Tokenize(std::string_view text, const Syntax& syntax);

}  // namespace safe_docker::shell
