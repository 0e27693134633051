// Commands that stand in texts which are no shell's: targets of a Makefile, scripts of a package.json, programs of
// other languages. Each reader turns what it finds into texts for a shell, which are judged as if typed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "files.hpp"
#include "names.hpp"

namespace safe_docker::shell {

// A text that such a program hands to a shell. It may hold unknown parts.
struct FoundCommand {
  std::string text;
  std::string shell = "sh";  // the shell that reads it
  std::string directory;     // where it runs: absolute, or empty for where the program runs; may hold unknown parts
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> arguments;  // $1 and on
};

struct ForeignCode {
  bool understood = true;      // false: something in it may run a command that cannot be told
  bool mentions_name = false;  // one of the names is in sight of that
  bool hidden = false;         // that is decoded on the way
  bool reads_written = false;  // a file that the text has written and that is not known was read
  std::string detail;          // for people: what could not be told
  std::vector<FoundCommand> commands;

  // Notes the first thing that was not understood, and whether any of them is near a name.
  void NotUnderstood(std::string_view why, bool mentions) {
    detail = understood || (mentions && !mentions_name) ? std::string(why) : detail;
    mentions_name = mentions_name || mentions;
    understood = false;
  }
};

// Where the reader stands.
struct ForeignContext {
  std::string cwd;              // absolute, or with unknown parts
  Environment environment;      // that the program gets
  const Files* files;           // never null
  const Names* names;           // never null
  std::string_view input;       // its standard input, if `has_input`; may hold unknown parts
  bool has_input = false;       // whether that is known
  bool may_have_input = false;  // whether it is a pipe or a file of the text, known or not
  // Whether a file that the text has written mentions a name: what is read from a place that is not known may be that.
  bool written_mention = false;
};

// Whether `program` (a base name, version taken off or not) is a build tool or task runner whose tasks ReadTasks reads:
// make, npm, just, task ...
bool IsTaskRunner(std::string_view program);

// What `words` (a task runner's command, its name first) would run. Nothing if its file is missing.
ForeignCode ReadTasks(const std::vector<Word>& words, const ForeignContext& context);

// Whether `program` is an interpreter of another language: python, node, awk ...
bool IsInterpreter(std::string_view program);

// What the one-liner, script or standard input that `words` (an interpreter's command) names would run.
ForeignCode ReadProgram(const std::vector<Word>& words, const ForeignContext& context);

// The same for a script that is called by its path, whose first line names `interpreter`. `arguments` are those that it
// is called with.
ForeignCode ReadScript(std::string_view interpreter, std::string_view text, const std::vector<Word>& arguments,
                       const ForeignContext& context);

}  // namespace safe_docker::shell
