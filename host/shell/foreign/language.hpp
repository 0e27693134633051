// What is known of each programming language: how it is written, which of its functions start a program, and how its
// interpreter takes a program on the command line.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tokens.hpp"

namespace safe_docker::shell {

// A function that starts a program.
struct Executor {
  enum class Shape : std::uint8_t {
    kShell,       // text for a shell, or a list that is the command
    kWords,       // several arguments are the command's words; one alone is text for a shell
    kExecWords,   // the file, then the words with the name first
    kExecList,    // the file, then a list of the words with the name first
    kSpawnWords,  // a mode in front of kExecWords
    kSpawnList,   // a mode in front of kExecList
    kPipeOpen,    // Perl's open: the command stands in an argument with a bar
    kHandles,     // handles, then the words
    kLine,        // Tcl: the rest of the line is the command
    kWrapper,     // a function of the program itself that runs one of its arguments
    kCode,        // its argument is a program of the same language
  };
  std::string_view name;
  Shape shape = Shape::kShell;
  // What stands in front of the name, each between two blanks, if it is one for sure only then. With anything else in
  // front it is taken for one if its argument is known.
  std::string_view qualifiers = {};
};

struct Language {
  std::string_view names;  // of its interpreters, each between two blanks
  Syntax syntax;
  std::string_view concatenation;  // the operator between two strings
  bool joins_adjacent = false;     // strings that stand next to each other
  bool bare_calls = false;         // a call may go without parentheses
  std::span<const Executor> executors;
  std::string_view code_options;    // options whose value is a program, each between two blanks
  std::string_view attached;        // letters of short options whose value, if any, is in the same word
  std::string_view module_options;  // options behind which the rest belongs to a module
  std::string_view value_options;   // other options that take a value in the next word
  std::string_view sub_commands;    // of deno and bun: words that may stand before the script
  bool first_is_code = false;       // awk: the first operand is the program, unless an option gave one
};

// Null if `program` (a base name, with or without a version) is none.
const Language* FindLanguage(std::string_view program);

// Whether `word` stands between two blanks in `list`.
bool IsListed(std::string_view list, std::string_view word);

}  // namespace safe_docker::shell
