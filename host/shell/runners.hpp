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

// What a runner does to the command besides starting it.
struct RunnerEffects {
  std::string_view name;
  std::string_view directory_options;  // letters and long names, each between blanks, that say where it runs
  std::string_view login_options;      // that start it in the home of another user
  std::string_view shell_options;      // that start a shell if no command is given; "always" without any
  bool changes_home = false;
  bool changes_directory = false;
};

// Null if it does nothing else.
const RunnerEffects* FindEffects(std::string_view program);

// Null if `program` is none.
const Runner* FindRunner(std::string_view program);

bool IsShell(std::string_view program);
bool IsInterpreter(std::string_view program);
// Programs that run the text of an argument, each in its own way.
bool RunsArgumentText(std::string_view program);
// Programs whose arguments are never run, whatever they look like.
bool IsKnownNonExecutor(std::string_view program);

}  // namespace safe_docker::shell
