// Walks a syntax tree as bash would run it, without running anything: both arms of branches, bodies of loops until
// nothing new is learnt, functions where they are called. Reports the commands that have one of the names.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis.hpp"
#include "arena.hpp"
#include "ast.hpp"
#include "expansion.hpp"
#include "files.hpp"
#include "names.hpp"
#include "parser.hpp"
#include "runner_prefix.hpp"
#include "runners.hpp"
#include "state.hpp"

namespace safe_docker::shell {

class Evaluator final : private CommandRunner {
 public:
  Evaluator(std::string_view text, const Context& context);

  Analysis Run();

 private:
  // Where a command reads from and prints to.
  struct Streams {
    const std::string* input = nullptr;  // null: not known, or nothing that the text gives
    bool redirected = false;             // the input is a pipe or a file of the text
    std::string* output = nullptr;       // null: nobody in the text reads it
    std::string file = {};               // where the input comes from, if that is a file alone; absolute
  };
  using Words = std::vector<Word>;

  Captured Capture(const Command& command) override;
  void RunProcess(const Command& command, bool reads) override;
  bool Spend(std::size_t work) override;
  void NoteTooMuch() override;
  void NoteAssigned(std::string_view name) override;

  // evaluator.cpp: the grammar
  void Execute(const Command& command, Streams streams);
  void ExecuteKind(const Command& command, const Streams& streams);
  void ExecuteList(const Command& list, const Streams& streams);
  void ExecuteAndOr(const Command& command, const Streams& streams);
  bool IsPlainCall(const Command& command) const;
  bool EndsShell(const Command& command) const;
  std::string FileThatIsPrinted(const Command& command) const;
  void ExecutePipeline(const Command& command, const Streams& streams);
  void ExecuteIf(const Command& command, const Streams& streams);
  void ExecuteLoop(const Command& command, const Streams& streams);
  void ExecuteFor(const Command& command, const Streams& streams);
  void ExecuteCase(const Command& command, const Streams& streams);
  void ExecuteIsolated(const Command& command, const Streams& streams);
  template <typename Body>
  void RepeatUntilStable(Body body);
  void ExecuteSimple(const Command& command, const Streams& streams);
  void Redirect(const Redirection* redirections, Streams* streams, std::string* text);
  void Assign(const Assignment& assignment);
  ShellVariable ValueOf(const Assignment& assignment);
  Words ExpandWords(const SyntaxWord* words);
  Span SpanOf(std::string_view written) const;

  // builtins.cpp: what changes the shell itself. True if `words` was such a command.
  bool RunBuiltin(const Words& words, const Streams& streams);
  void ChangeDirectory(const Words& words);
  void Declare(const Words& words);
  void UnsetNames(const Words& words);
  void SetArguments(const Words& words);
  void SetOption(std::string_view option, std::string_view name);
  void DefineAliases(const Words& words);
  void ReadVariables(const Words& words, const Streams& streams);
  void SetTrap(const Words& words);
  void RunTraps();
  void RunSource(const Words& words, const Streams& streams);
  void CallFunction(const std::vector<const Command*>& bodies, const Words& words, const Streams& streams);

  // programs.cpp: what a command name stands for
  enum class Lookup : std::uint8_t { kShell, kBuiltin, kProgram };  // kShell: functions and aliases count
  void RunWords(Words words, const Streams& streams, Lookup lookup);
  bool RunAlias(const Words& words, const Streams& streams);
  bool IsReadFromText(const Word& word) const;
  void RunUnknownCommand(const Words& words);
  void RunProgram(Words words, const Streams& streams);
  void RunRunner(const Runner& runner, const Words& words, const Streams& streams);
  void ApplyEffects(const Runner& runner, const Prefix& prefix);
  void RunRunnerInput(const Runner& runner, const Prefix& prefix, const Streams& streams);
  void RunInner(const Runner& runner, Words inner, const Streams& streams);
  void RunFind(const Words& words, const Streams& streams);
  void RunShell(const Words& words, const Streams& streams);
  bool RunInputFile(const Streams& streams, const Words& arguments);
  void RunShellInput(const Words& arguments, const Streams& streams);
  void RunInChildShell(const std::string& text, const std::string& script_name, const Words& arguments,
                       const Streams& streams);
  void RunScript(const Word& path, const Words& arguments, const Streams& streams, bool same_shell);

  // written_files.cpp
  void NoteWritten(std::string_view path);
  void NoteLinked(std::string_view path);
  void NoteTargets(std::string_view program, const Words& words);
  void NoteCopies(const Words& words, std::string_view short_with_value, bool may_link);
  void NoteDownloads(std::string_view program, const Words& words);
  bool ReportWrittenScript(const std::string& path);
  bool IsShellScript(const std::string& path);
  void RunInterpreter(const Words& words, const Streams& streams);
  void RunText(std::string_view text, const Streams& streams);
  bool ReportNameAmong(const Words& words, bool any_follower);
  void Report(Words words, const Streams& streams);
  void ReportOpaque(Opaque::Reason reason, std::string_view written, std::string detail, bool mentions);
  void ReportBroken(const Program& program);
  void ReportComputed(std::string_view text);

  std::string_view text_;
  const Context& context_;
  Names names_;
  Arena arena_;
  ShellState state_;
  Files files_;
  Expander expander_;
  Analysis analysis_;
  std::set<std::string> reported_;
  std::set<std::string, std::less<>> assigned_;
  std::vector<std::string> traps_;
  std::vector<std::string> active_aliases_;
  // Of the functions being called: what their local variables hide.
  std::vector<std::vector<std::pair<std::string, std::optional<ShellVariable>>>> locals_;
  std::string_view source_;    // the simple command being walked, of the whole text
  std::string_view pipeline_;  // the pipeline that it stands in
  Span span_;                  // where that is, for words of inner texts
  std::size_t work_left_;
  int text_depth_ = 0;
  int call_depth_ = 0;
  int command_depth_ = 0;
  int script_depth_ = 0;
  int runner_depth_ = 0;
  bool decoder_seen_ = false;
  bool too_much_ = false;
  bool globs_may_vanish_ = false;                     // shopt was met: nullglob and its like may be on
  bool input_may_be_any_text_ = false;                // what a shell reads may stand anywhere in the text
  PrintedWords printed_ = PrintedWords::kAny;         // by the program that was walked last
  bool starts_bash_ = false;                          // the shell that is started next
  bool left_loop_ = false;                            // break or continue was met
  std::set<std::string, std::less<>> written_files_;  // by the text itself: what is in them now does not count
  std::set<std::string, std::less<>> linked_files_;
  std::set<std::string, std::less<>> read_names_;  // variables that read and mapfile set
  // Where the last `cd` leads if it succeeds, when that cannot be told yet; empty otherwise.
  std::string attempted_directory_;
};

}  // namespace safe_docker::shell
