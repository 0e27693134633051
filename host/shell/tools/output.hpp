// What programs that only print would print, where their arguments are known: so that `echo "..." | base64 -d | sh` and
// "$(printf ...)" can be followed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../files.hpp"
#include "command_line.hpp"

namespace safe_docker::shell {

// How many words an unknown text may become.
enum class PrintedWords : std::uint8_t {
  kAny,
  kOne,        // exactly one, without blanks, that begins with no '-'
  kAtMostOne,  // the same, or nothing
  kIdentifier  // as Word::is_identifier says, or nothing
};

// Whether `program` is one that WordsPrintedBy knows.
bool MayPrintOneWord(std::string_view program);

// What programs such as `id -u` and `date +%s` print. `words` is the whole command.
PrintedWords WordsPrintedBy(const std::vector<Word>& words);

// The same for variables that shells keep themselves, when the text has not assigned them. `in_bash`: it is bash for
// sure.
PrintedWords WordsOfVariable(std::string_view name, bool in_bash);

// Where a program that prints stands.
struct ToolContext {
  std::string_view cwd;                // may hold unknown parts
  bool physical = false;               // pwd follows links
  const std::string* input = nullptr;  // its standard input; null if that is not known. May hold unknown parts
  const Files* files = nullptr;        // null: what files hold is not known
  // That the program gets; null if it is not known.
  const Environment* environment = nullptr;
  // echo and printf are bash's own, and `shopt -s xpg_echo` cannot have been run. If false, only what every shell and
  // /bin/echo print alike is known.
  bool is_bash = false;
  // Neither a function nor an alias has the name that `command -v` and `type` ask for.
  bool asks_for_program = false;
  // The text may have made links or moved folders: where a path leads on disk now says nothing.
  bool paths_changed = false;
};

// The standard output of `words` (of which the first is the program), with unknown parts where a word has them; nothing
// if the program is none whose output is known.
std::optional<std::string> OutputOf(const std::vector<Word>& words, const ToolContext& context);

// What the file that `sed -i` (the whole command in `words`) edits holds afterwards, if it holds `text` before. Nothing
// if that cannot be told, or if the command edits no file.
std::optional<std::string> EditWithSed(const std::vector<Word>& words, std::string_view text);

// Whether the program turns text into other text that cannot be read in its arguments (base64 -d, xxd -r, rev, tr).
bool IsDecoder(const std::vector<Word>& words);

}  // namespace safe_docker::shell
