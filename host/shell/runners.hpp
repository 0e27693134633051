// The table of programs that run other programs: which of their options take a value, and what stands before the inner
// command. And the other lists of programs that decide whether a word that looks like a command is one.
#pragma once

#include <cstdint>
#include <string_view>

namespace safe_docker::shell {

struct Runner {
  enum class Inner : std::uint8_t {
    kWords,        // the rest of the words is the command
    kNone,         // only what an option gives (su -c)
    kShellText,    // the rest, joined by blanks, is text for sh (watch)
    kXargs,        // as kWords, with further unknown words behind them
    kParallel,     // as kXargs, and one word may be text for sh
    kOtherMachine  // runs elsewhere (ssh)
  };
  std::string_view name;
  Inner inner = Inner::kWords;
  std::string_view short_with_value;  // letters of the short options that take a value
  std::string_view short_flags;       // letters of those that take none
  std::string_view long_with_value;   // names, each between two blanks
  std::string_view long_flags;
  int arguments = 0;                  // words before the command that are no options
  bool assignments = false;           // NAME=value words may stand before the command
  std::string_view text_option = {};  // letters whose value is text for sh (script -c, su -c)
};

// Null if `program` is none.
const Runner* FindRunner(std::string_view program);

bool IsShell(std::string_view program);
bool IsInterpreter(std::string_view program);
// Programs whose arguments are never run, whatever they look like.
bool IsKnownNonExecutor(std::string_view program);

}  // namespace safe_docker::shell
