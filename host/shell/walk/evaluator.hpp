// Walks a syntax tree as bash would run it, without running anything: both arms of branches, bodies of loops until
// nothing new is learnt, functions where they are called. Reports the commands that have one of the names.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis.hpp"
#include "files.hpp"
#include "foreign/foreign_code.hpp"
#include "names.hpp"
#include "runners/runner_prefix.hpp"
#include "runners/runners.hpp"
#include "streams.hpp"
#include "syntax/arena.hpp"
#include "syntax/ast.hpp"
#include "syntax/parser.hpp"
#include "values/expansion.hpp"
#include "values/state.hpp"

namespace safe_docker::shell {

inline constexpr std::size_t kCostOfLookUp = 64;  // of a file on disk, in units of work

// A program that puts files where an operand or an option says.
struct Copier {
  std::string_view name;
  std::string_view short_with_value;
  bool may_link;
  bool follows = false;     // by its options it copies what a link leads to
  bool overwrites = false;  // and writes over what is there
};

class Evaluator final : private CommandRunner {
 public:
  Evaluator(std::string_view text, const Context& context);

  Analysis Run();

 private:
  using Words = std::vector<Word>;
  // A command in the background that runs scripts.
  struct BackgroundCommand {
    const Command* command;
    ShellState state;
    std::size_t changes;  // of the files when it was walked
  };
  // A function whose body is being walked, and what was known when that began.
  struct ActiveCall {
    const Command* body;
    ShellState state;
  };
  // Code that runs later: a trap, a prompt.
  struct KeptCode {
    std::string text;
    std::string_view source;
    Span span;
    std::string_view pipeline;
    bool at_end;
  };
  // What break, return and exit end: what would be printed afterwards may be missing.
  enum class Leaving : std::uint8_t { kNothing, kLoop, kFunction, kShell };
  // While a command prints to a place of its own: what happened before it does not matter to what stands there.
  class OwnOutput {
   public:
    OwnOutput(Evaluator* evaluator, bool owns);
    ~OwnOutput();
    OwnOutput(const OwnOutput&) = delete;
    OwnOutput& operator=(const OwnOutput&) = delete;

   private:
    Evaluator* evaluator_;
    bool owns_;
    Leaving leaving_;
    bool any_order_;
  };
  // What may not happen, for the files: see Files::Begin.
  class FileFrame {
   public:
    explicit FileFrame(Files* files, bool uncertain = false) : may_not_have_happened(uncertain), files_(files) {
      files_->Begin();
    }
    ~FileFrame() { files_->End(may_not_have_happened); }
    FileFrame(const FileFrame&) = delete;
    FileFrame& operator=(const FileFrame&) = delete;
    bool may_not_have_happened;

   private:
    Files* files_;
  };
  // Commands that run at another time than the text around them: neither knows what the other has written.
  struct Aside {
    std::size_t first = 0;  // of the commands that were reported there
    std::size_t end = 0;
    std::size_t from = 0;                 // the first command that may run later than them
    std::size_t changes = 0;              // of the files, when they may have begun
    std::vector<std::string> paths = {};  // that they have changed
  };
  // The inside of a >(...), which reads what is written to its pipe.
  struct WaitingProcess {
    std::string path;
    const Command* command;
  };

  Captured Capture(const Command& command) override;
  std::string RunProcess(const Command& command, bool reads) override;
  bool Spend(std::size_t work) override;
  void NoteTooMuch() override;
  void NoteAssigned(std::string_view name) override;
  void NoteComputed(std::string_view text) override;
  bool FilesMayDiffer() const override;

  // evaluator.cpp: the grammar
  void Execute(const Command& command, Streams streams);
  void EvaluateWords(const SyntaxWord* words);
  void ExpandCondition(const Condition& condition);
  void ExecuteKind(const Command& command, const Streams& streams);
  void ExecuteList(const Command& list, const Streams& streams);
  void ExecuteAndOr(const Command& command, const Streams& streams);
  bool IsPlainCall(const Command& command) const;
  bool EndsShell(const Command& command) const;
  void ExecutePipeline(const Command& command, const Streams& streams);
  void ExecuteIf(const Command& command, const Streams& streams);
  void ExecuteLoop(const Command& command, const Streams& streams);
  void ExecuteFor(const Command& command, const Streams& streams);
  void ExecuteForArithmetic(const Command& command, const Streams& streams);
  void ExecuteCase(const Command& command, const Streams& streams);
  void ExecuteIsolated(const Command& command, const Streams& streams);
  Streams Withheld(const Streams& streams, std::string* output) const;
  void EndLoop(bool outer_left, Leaving outer_leaving);
  template <typename Body>
  void RepeatUntilStable(Body body);
  bool NoteRound(std::size_t changes, bool is_first, std::map<std::string, std::size_t>* texts);
  bool MayChoose() const;
  std::string_view VariableOfChoice(const Command& command) const;
  void ExecuteForEachValue(const Command& command, std::string_view name, const Streams& outer);
  void ExecuteSimple(const Command& command, const Streams& streams);
  void ExecuteCoprocess(const Command& command);
  void ExecuteInBackground(const Command& command, const Streams& streams);
  void RepeatBackground();
  bool LoopOverLines(const Command& command, const Streams& streams);
  static bool MayFail(const Redirection* redirections);
  void ExecuteMember(const Command& member, const Streams& streams, bool for_rest);
  void ExecuteAssumed(const Command& command, const Streams& streams);
  void ExecuteUncertain(const Command& command, const Streams& streams);
  bool IsCertain() const { return uncertain_ == 0; }
  // Whether what happens to a file here counts for all that follows until the end of the FileFrame around it.
  bool IsCertainHere() const { return uncertain_ == assumed_; }
  void NoteMayFail(const std::string& path, bool replaces);
  void EndAside(Aside aside, std::size_t changes);
  void EndPipeline(std::size_t first_command, std::size_t changes, std::vector<std::string> changed);
  void HeedAsides();
  void HeedLinks();
  void ForgetChanges(CommandLine* line, const std::vector<std::string>& paths);
  std::vector<std::shared_ptr<const WrittenFiles>> ViewsOfFiles(const Words& words);
  void NoteReader(const Streams& streams);
  bool IsReadBefore(const Streams& streams) const;
  void NoteOpened(const Streams& streams);
  bool MayNotOpen(const Redirection* redirections);
  bool MayNotBeRead(const std::string& path) const;
  bool MayNotBeWritten(const std::string& path, bool clobbers) const;
  Streams WithExec(const Streams& outer) const;
  void KeepRedirections(const Command& command, const Streams& outer);
  void ExecuteOpened(const Command& command, Words words, const Streams& outer);
  static const Redirection* OnlyInput(const Command& command);

  // streams.cpp
  void RunWaitingProcesses(std::size_t first, const Streams& outer);
  void Redirect(const Redirection* redirections, Streams* streams, Opened* opened);
  int NewDescriptor(std::string_view variable);
  static int DescriptorOfPath(std::string_view path);
  void OpenText(int descriptor, std::string text, Streams* streams, Opened* opened);
  void OpenInput(int descriptor, std::string_view target, Streams* streams, Opened* opened);
  void OpenOutput(const Redirection& redirection, std::string_view target, Streams* streams, Opened* opened);
  void Duplicate(const Redirection& redirection, std::string_view target, Streams* streams, Opened* opened);
  void Flush(Opened* opened);
  std::string* InputOf(const Streams& streams);
  std::string AbsolutePath(std::string_view path) const;
  void NoteConnection(std::string_view path);

  // assignments.cpp
  void Assign(const Assignment& assignment);
  void NoteValue(std::string_view name, std::string_view written, std::size_t mentions_before);
  Words ExpandWords(const SyntaxWord* words);
  void AppendWord(Field field, const SyntaxWord& word, Words* words);
  void NoteProgram(std::string_view program);
  Span SpanOf(std::string_view written) const;

  // builtins.cpp: what changes the shell itself. True if `words` was such a command.
  bool RunBuiltin(const Words& words, const Streams& streams);
  bool RunVariableBuiltin(const Words& words, const Streams& streams);
  bool RunCodeBuiltin(const Words& words, const Streams& streams);
  void ChangeDirectory(const Words& words);
  void MoveTo(const std::string& target, bool physical, bool certain);
  void RotateDirectories(const Words& words);
  void SetArguments(const Words& words);
  void ShiftArguments(const Words& words);
  void SetShellOptions(const Words& words);
  void TestReferences(const Words& words);
  void SetOption(std::string_view option, std::string_view name);
  void DefineAliases(const Words& words);
  void CompleteWords(const Words& words);
  void RememberPath(const Words& words);
  void SetTrap(const Words& words);
  void Keep(std::string text, bool at_end);
  void RunKeptCode(std::size_t first, const Streams& streams);
  std::string RunKept(const KeptCode& code, const Streams& streams);
  void ForgetAssigned();
  void NoteExportedFunctions(const Words& words);
  void NoteCode(std::string_view name, const ShellVariable& value);
  void RunSource(const Words& words, const Streams& streams);
  void CallBody(const Command& body, const Streams& streams);
  void CallFunction(const std::vector<const Command*>& bodies, const Words& words, const Streams& streams);

  // variable_builtins.cpp
  void MakeLocal(std::string_view name);
  void Declare(const Words& words);
  void DeclareOperand(const Word& word, std::string_view on, std::string_view off, bool local);
  void DeclareValue(const Word& word, std::string_view reference, std::string_view value, bool append);
  void UnsetNames(const Words& words);
  std::string* ReadFrom(const Streams& streams, const std::string* descriptor);
  void NoteRead(const Streams& streams, std::string* input);
  void GiveRead(std::string_view reference, std::string value);
  void GiveArray(std::string_view name, ShellVariable array, bool known);
  void ReadVariables(const Words& words, const Streams& streams);
  void MapLines(const Words& words, const Streams& streams);
  bool PrintToVariable(const Words& words);
  void GetOption(const Words& words);

  // programs.cpp: what a command name stands for
  enum class Lookup : std::uint8_t { kShell, kBuiltin, kProgram };  // kShell: functions and aliases count
  void RunWords(Words words, const Streams& streams, Lookup lookup);
  bool RunAlias(const Words& words, const Streams& streams);
  bool RunFunction(const Words& words, const Streams& streams);
  std::string NameBehind(const Word& word) const;
  static bool MayNameScript(const Word& word);
  static bool HasQuoteInOperand(std::string_view text);
  static bool HasContinuedComment(std::string_view text);
  void NoteSpecialArray(std::string_view name, const SyntaxWord* elements);
  std::string ProgramBehind(std::string_view word) const;
  void RunUnknownCommand(const Words& words);
  void RunProgram(Words words, const Streams& streams);
  void RunText(std::string_view text, const Streams& streams);

  // mentions.cpp: whether one of the names is in sight
  void NoteMentions(const Words& words, const Streams& streams);
  bool RefersToMention(std::string_view written) const;
  bool IsReadFromText(const Word& word) const;
  bool ReadsMention(const Words& words, const Streams& streams) const;
  bool ReadFilesMention() const;
  bool WrittenFilesMention();
  void NoteReadFiles(const Words& words);
  void NoteForeignMention(std::string_view program, const Words& words, const Streams& streams);
  bool TextMentions() const;
  bool CallIsIn(const std::string* text) const;

  // printing.cpp: what commands print
  void PrintUnknown(const Streams& streams) const;
  void PrintInAnyOrder(std::string_view text, const Streams& streams);
  void PrintState(const Words& words, const Streams& streams);
  static std::optional<bool> StatusOf(std::string_view name);
  void Print(const Words& words, const Streams& streams);
  static bool PassesOutputOn(const std::optional<Runner>& runner, const Words& words);

  // reports.cpp
  bool ReportNameAmong(const Words& words, bool any_follower);
  void Report(Words words, const Streams& streams);
  void ReportComputed(std::string_view text);
  void ReportBroken(const Program& program);
  void ReportOpaque(Opaque::Reason reason, std::string_view written, std::string detail, bool mentions);

  // inner_commands.cpp: programs that run others, by their table
  void RunRunner(const Runner& runner, const Words& words, const Streams& streams);
  void RunWithPrefix(const Runner& runner, const Prefix& prefix, const Words& words, const Streams& streams);
  void RunSplitString(const Runner& runner, const Words& words, const Streams& streams);
  void ApplyEffects(const Runner& runner, const Prefix& prefix);
  bool RunOptions(const Runner& runner, const Prefix& prefix, const Words& words, const Streams& streams);
  void RunCommandWords(const Word& text, const Streams& streams);
  void RunTextWithArguments(const std::string& text, const Streams& streams);
  Word UnknownWords() const;
  void RunWithoutCommand(const Runner& runner, const Prefix& prefix, const Words& words, bool had_text,
                         const Streams& streams);
  void ReportElsewhere(const Words& command, const Streams& streams);
  void ReportOperands(const Prefix& prefix, const Words& words);
  std::string_view ProgramOfPackage(std::string_view package) const;
  void RunInner(const Runner& runner, const Prefix& prefix, const Words& words, const Streams& streams);
  void RunVariable(std::string_view name, std::string_view whole, const Streams& streams);

  // given_commands.cpp: those that add words to a command
  std::optional<std::string> KnownContent(std::string_view path) const;
  std::optional<std::string> ArgumentText(const Prefix& prefix, const Streams& streams);
  void RunXargs(const Prefix& prefix, const Words& inner, const Streams& streams);
  std::optional<std::vector<std::string>> TextsOfParallel(const Prefix& prefix, Words* command, const Streams& streams);
  void RunParallel(const Prefix& prefix, const Words& inner, const Streams& streams);
  void RunFind(const Words& words, const Streams& streams);
  void RunFd(const Words& words, const Streams& streams);

  // program_commands.cpp: those with a language of their own
  void ReportForeignText(std::string_view text);
  void RunSetting(const Runner& runner, const GivenOption& option, const Streams& streams);
  void RunGit(const Words& words, const Streams& streams);
  void RunTmux(const Words& words, const Streams& streams);
  void RunScreen(const Prefix& prefix, const Words& words, const Streams& streams);
  void RunShellOn(const Words& words, const Streams& streams);
  void RunStarter(const Prefix& prefix, const Words& arguments, const Streams& streams);
  void RunSchedule(const Prefix& prefix, const Words& words, const Streams& streams);
  void RunAddresses(const Words& words, const Streams& streams);
  void RunOwnLanguage(const Runner& runner, const Prefix& prefix, const Words& words, const Streams& streams);
  void RunEditorCommand(std::string_view command, const Streams& streams);
  void RunSedScript(std::string_view script, const Streams& streams);

  // shells.cpp
  struct ShellCall;
  static ShellCall ReadShellCall(const Words& words);
  void RunStartFiles(const ShellCall& call, const Streams& streams);
  void RunShell(const Words& words, const Streams& streams);
  void RunShellInput(const Words& arguments, const Streams& streams);
  void RunReadFiles(const Words& arguments, const Streams& streams);
  void RunInChildShell(const std::string& text, const std::string& script_name, const Words& arguments,
                       const Streams& streams);
  void RunScript(const Word& path, const Words& arguments, const Streams& streams, bool same_shell);
  std::vector<std::string> TextsOfScript(const std::string& file, std::string_view operand) const;
  bool MayRunMention(const Words& words);
  bool SetsShellFlags(const std::string& path) const;
  bool NamesFileThatMentions(const Words& words);
  bool MayLoadMention(const Words& words);
  void RunSourced(const std::string& text, const Words& arguments, const Streams& streams);
  bool MayBeScriptThatMentions(const std::string& path);
  void RunScriptText(const std::string& text, const std::string& file, const std::string& name, const Words& arguments,
                     const Streams& streams, bool same_shell);
  bool RunDescriptor(const std::string& path, const Words& arguments, const Streams& streams, bool same_shell);
  bool RunWrittenProgram(const Words& words, const Streams& streams);
  bool RunExecutable(const std::string& path, const Words& words, const Streams& streams);

  // written_files.cpp
  void NoteWritten(std::string_view path);
  void NoteLinked(std::string_view path);
  void NoteRemoved(std::string_view path);
  void NoteTargets(std::string_view program, const Words& words, const Streams& streams);
  void NoteFolders(const Words& words);
  void NoteFound(const Words& words);
  bool IsFolderByNow(std::string path);
  bool MakesFolders(const Words& words);
  void NoteEdited(std::string_view program, const Words& words, const Streams& streams);
  void NoteCopies(const Copier& copier, const Words& words);
  void CopyFile(const Copier& copier, std::string_view source, std::string_view target, bool certain);
  void MoveAway(const std::string& path);
  void WriteTee(const Words& words, const Streams& streams);
  void WriteUnknown(std::string_view path);
  void EditInPlace(const Words& words);
  void NoteDownloads(std::string_view program, const Words& words);

  // foreign_commands.cpp
  bool IsNewForeign(const Words& words, const Streams& streams);
  ForeignContext ForeignContextOf(const Streams& streams);
  bool RunForeign(const Words& words, const Streams& streams);
  bool RunForeignScript(std::string_view text, const Words& words, const Streams& streams);
  void RunFound(const ForeignCode& code, const Streams& streams);
  void RunFoundCommand(const FoundCommand& command, const Streams& streams);

  std::string_view text_;
  const Context& context_;
  Names names_;
  mutable std::optional<bool> text_mentions_;  // whether a name stands in text_, once somebody has asked
  Arena arena_;
  ShellState state_;
  Files files_;
  Expander expander_;
  Analysis analysis_;
  std::set<std::string> reported_;
  std::set<std::string, std::less<>> assigned_;
  std::vector<ActiveCall> active_calls_;
  // Texts that were parsed, so that the same text has the same tree.
  std::map<std::string, Program, std::less<>> programs_;
  std::vector<KeptCode> kept_code_;
  std::size_t first_kept_ = 0;  // of the shell that is being walked
  std::vector<BackgroundCommand> background_;
  std::size_t scripts_run_ = 0;  // how often a script was looked for
  std::set<std::string, std::less<>> exported_functions_;
  std::optional<bool> succeeded_;      // what is known of the last command's status
  bool cwd_changed_ = false;           // cd was met
  bool exec_renames_ = false;          // exec -a: the next shell's $0 is not its name
  bool noclobber_ = false;             // set -C was met
  bool written_mention_ = false;       // a file that the text has written mentions a name
  std::size_t changes_looked_at_ = 0;  // of the files, when that was found out
  bool foreign_mention_ = false;       // a program that may write files has a name in its words
  bool may_end_early_ = false;         // exit, exec or set -e was met
  std::vector<std::string> active_aliases_;
  // Of the functions being called: what their local variables hide.
  std::vector<std::vector<std::pair<std::string, std::optional<ShellVariable>>>> locals_;
  // The array literals among the arguments of declare and its like, by how they are written.
  std::vector<std::pair<std::string, const SyntaxWord*>> declared_elements_;
  std::string_view source_;        // the simple command being walked, of the whole text
  std::string_view pipeline_;      // the pipeline that it stands in
  std::string_view inner_;         // the same in the text that is being run
  bool may_limit_ = false;         // what is made from now on may not be entered, or nothing can be made (umask, chmod)
  std::string_view current_text_;  // that text, if it is not the whole one
  Span span_;                      // where that is, for words of inner texts
  std::size_t work_left_;
  std::size_t mentions_ = 0;                          // how often a command was seen whose words mention a name
  std::size_t pipeline_start_ = 0;                    // what that was when the pipeline began
  std::size_t command_start_ = 0;                     // and the simple command
  std::vector<std::string> read_files_;               // by programs whose output a pipeline passes on
  int uncertain_ = 0;                                 // how deep in what may run or not
  bool may_have_failed_ = false;                      // a command that may fail has changed files, or would have
  std::set<std::string, std::less<>> guarded_paths_;  // whose permissions the text has changed
  int assumed_ = 0;                                   // how many of these a FileFrame takes back
  std::vector<Aside> asides_;
  std::vector<std::string> open_outputs_;  // the files that commands around this one print to
  // What commands have read from so far.
  std::set<const std::string*> read_inputs_;
  std::set<std::string, std::less<>> read_input_files_;
  // What files may have held when a command was reported last, how often that has changed, and changes() then.
  std::vector<std::shared_ptr<const WrittenFiles>> views_;
  std::size_t views_made_ = 0;
  std::size_t view_changes_ = 0;
  int choices_ = 0;  // how many variables have one of several values now
  std::vector<WaitingProcess> waiting_processes_;
  int processes_ = 0;
  Descriptors descriptors_;
  Streams exec_;             // what `exec` redirected
  Streams before_exec_;      // what that was before
  std::deque<Opened> kept_;  // opened by `exec`
  std::deque<std::string> loaded_;
  int text_depth_ = 0;
  int call_depth_ = 0;
  int command_depth_ = 0;
  int script_depth_ = 0;
  int runner_depth_ = 0;
  int foreign_depth_ = 0;
  std::set<std::string> foreign_seen_;  // commands of task runners and interpreters that were walked
  bool decoder_seen_ = false;
  bool too_much_ = false;
  bool files_may_differ_ = false;                     // a program has run that may have made or removed files
  bool input_may_be_any_text_ = false;                // what a shell reads may stand anywhere in the text
  PrintedWords printed_ = PrintedWords::kAny;         // by the program that was walked last
  bool starts_bash_ = false;                          // the shell that is started next
  bool left_loop_ = false;                            // break or continue was met
  bool any_order_ = false;                            // what others print at the same time stands among the output
  Leaving leaving_ = Leaving::kNothing;               // what may have ended before the command that is being walked
  std::set<std::string, std::less<>> written_files_;  // by the text itself: what is in them now does not count
  std::set<std::string, std::less<>> linked_files_;
  std::set<std::string, std::less<>> removed_files_;
  std::map<std::string, std::string> copies_;      // files that the text makes of programs: path to name
  std::set<std::string, std::less<>> tainted_;     // variables of unknown value that were made from a name
  std::set<std::string, std::less<>> read_names_;  // variables that read and mapfile set
  // Where the last `cd` leads if it succeeds, when that cannot be told yet; empty otherwise.
  std::string attempted_directory_;
};

}  // namespace safe_docker::shell
