// The table of programs that run other programs: their own option grammar, what stands before the inner command, and
// where that command is. A new program is a row. And the other lists of programs that decide whether a word that looks
// like a command is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::shell {

// What an option of a runner means to the command that it runs. The characters are those of Runner::options.
enum class OptionRole : char {
  kNone = ' ',
  kShellText = '$',          // the value is text for sh (su -c)
  kTextWithArguments = '|',  // the same, with arguments that the program adds
  kCommandWords = '!',       // the value is a command, split at blanks (rsync -e)
  kDirectory = '/',          // where the command runs (env -C)
  kStartsShell = '%',        // a shell runs if no command is given (sudo -s)
  kLogin = '~',              // in the home of another user, whose shell runs if no command is given (sudo -i)
  kClearsEnvironment = '*',  // env -i
  kKeepsEnvironment = '+',   // sudo -E
  kAssignment = '=',         // the value is NAME=value for the command
  kUnset = '<',              // the value names a variable that the command does not get
  kOtherRoot = '#',          // paths mean something else there
  kRunsNothing = '^',        // no command runs (sudo -l)
  kCommandFollows = '>',     // the command starts behind it (gdb --args)
  kSetting = '&',            // the value is a setting that may name a command (git -c, ssh -o)
  kScriptFile = ';',         // the value is a file of text for sh (at -f)
  kOwnLanguage = '.',        // the value is in the program's own language, which has commands (vim -c)
  kNoted = ',',              // for the program's own reader (xargs -I)
};

struct Runner {
  enum class Inner : std::uint8_t {
    kCommand,       // the rest of the words is the command
    kNothing,       // only what options give (su -c); the other words are data
    kShellText,     // the rest, joined by blanks, is text for sh (watch)
    kShellTexts,    // each of the rest is text for sh (hyperfine)
    kTextOrWords,   // text for sh if it is one word, else a command (tmux new-window)
    kShellInput,    // the standard input is text for sh, now or later (at)
    kSchedule,      // as kShellInput, with times in front of each line (crontab)
    kSubcommand,    // the next word picks the row "NAME SUBCOMMAND"
    kOtherMachine,  // runs elsewhere (ssh)
    kXargs,
    kParallel,
    kFind,
    kShell,      // the rest of the words is bash's
    kUserShell,  // an option gives the text, or what stands behind the user is the shell's (su)
    kGit,
    kTmux,
    kKeys,  // what tmux types
    kScreen,
    kStarter,    // start-stop-daemon's --exec
    kAddresses,  // socat's EXEC: and SYSTEM:
    kSed,
    kEditor,  // vi's own commands, in "+COMMAND" words too
  };
  enum Trait : std::uint32_t {
    kAssignments = 1U << 0U,          // NAME=value words may stand before the command
    kShellIfNone = 1U << 1U,          // a shell runs if no command is given
    kOtherHome = 1U << 2U,            // the command has another user's home
    kOtherDirectory = 1U << 3U,       // and runs in a folder that is not known
    kDropsVariables = 1U << 4U,       // what the text assigned does not get through for sure
    kOptionsAnywhere = 1U << 5U,      // also behind other words
    kUnlistedFlags = 1U << 6U,        // an option that is not listed takes no value
    kSingleDash = 1U << 7U,           // long options have one dash
    kNumberOptions = 1U << 8U,        // -5 and --5 are options
    kNumericOperands = 1U << 9U,      // an operand that is no number is already the command
    kInShell = 1U << 10U,             // the command runs in the shell itself: what it changes stays
    kOptionsForOperands = 1U << 11U,  // an option that is noted stands for the operands
    kOldBundle = 1U << 12U,           // the first word may be letters of options, their values in the words behind
    kGenericElse = 1U << 13U,         // what the row does not know is judged like any unknown program's arguments
    kPrintsNothing = 1U << 14U,       // all that is printed is what the command prints
  };
  std::string_view name;  // of a sub-command: "git bisect"
  Inner inner = Inner::kCommand;
  // Each option between blanks: a letter or a long name; behind it ':' if it takes a value, '?' if it may have one
  // attached; behind that the character of its role.
  std::string_view options = {};
  int operands = 0;  // words before the command that are no options
  std::uint32_t traits = 0;

  bool Has(Trait trait) const { return (traits & trait) != 0; }
};

// Nothing if `program` is none.
std::optional<Runner> FindRunner(std::string_view program);
// The row of a program's sub-command; nothing if there is none. `shortened`: the beginning of its name is enough.
std::optional<Runner> FindSubcommand(std::string_view program, std::string_view subcommand, bool shortened = false);

// False if `runner` is only one for some sub-commands (npm exec), and `words` have another.
bool RunsSubcommand(const Runner& runner, const std::vector<Word>& words);

bool IsShell(std::string_view program);
// Programs that run the text of an argument, each in its own way.
bool RunsArgumentText(std::string_view program);
// Programs whose arguments are never run, whatever they look like.
bool IsKnownNonExecutor(std::string_view program);

}  // namespace safe_docker::shell
