// The part of the evaluator that knows what a command's name stands for: one of the names, a program that runs others,
// a shell, an interpreter.
#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"
#include "runners/runner_prefix.hpp"
#include "tools/output.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestText = 16;
constexpr std::size_t kMostOutput = 256 * 1024;
constexpr std::size_t kMostSource = 200;
constexpr std::size_t kMostReadFiles = 64;

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      line.push_back(c);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
    if (line.size() > kMostSource) {
      const auto is_continuation = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; };
      while (!line.empty() && is_continuation(line.back())) {
        line.pop_back();
      }
      line.resize(line.empty() ? 0 : line.size() - 1);
      return line + "...";
    }
  }
  return line;
}

std::size_t LengthOf(const std::vector<Word>& words) {
  return std::accumulate(words.begin(), words.end(), std::size_t{0},
                         [](std::size_t length, const Word& word) { return length + word.text.size(); });
}

// runuser without -u is su.
std::string_view RunnerName(std::string_view program, const std::vector<Word>& words) {
  const bool names_user = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
    return word.text.starts_with("--u") || (word.text.starts_with("-u"));
  });
  return program == "runuser" && !names_user ? "su" : program;
}

}  // namespace

void Evaluator::RunWords(Words words, const Streams& streams, Lookup lookup) {
  if (words.empty() || !Spend(words.size() + LengthOf(words) / 16)) {
    return;
  }
  NoteMentions(words, streams);
  if (lookup == Lookup::kShell && (RunAlias(words, streams) || RunFunction(words, streams))) {
    return;
  }
  if (const std::string name = NameBehind(words[0]); !name.empty()) {
    RunWrittenProgram(words, streams);
    if (words[0].may_split) {  // arguments may come out of it, too
      words.insert(words.begin() + 1, {std::string(1, kUnknownPart), words[0].written, true, words[0].span});
    }
    words[0].text = IsKnown(words[0].text) && names_.Contains(BaseName(words[0].text)) ? words[0].text : name;
    Report(std::move(words), streams);
    return;
  }
  // What these do to files and pipes counts as before.
  if (context_.is_quiet_name != nullptr && context_.is_quiet_name(BaseName(words[0].text))) {
    Report(words, streams);
  }
  const bool is_pattern = words[0].text.find('(') != std::string::npos;  // of extglob
  if (is_pattern || !IsKnown(BaseName(words[0].text))) {
    PrintUnknown(streams);
    RunUnknownCommand(words);
    return;
  }
  NoteExportedFunctions(words);
  if (lookup != Lookup::kProgram && RunBuiltin(words, streams)) {
    PrintState(words, streams);
    return;
  }
  RunProgram(std::move(words), streams);
}

// True if a function of that name is called, and the name can mean nothing else.
bool Evaluator::RunFunction(const Words& words, const Streams& streams) {
  const auto function = state_.functions.find(words[0].text);
  if (function == state_.functions.end()) {
    return false;
  }
  const std::vector<const Command*> bodies = function->second;
  const bool certain = std::find(bodies.begin(), bodies.end(), nullptr) == bodies.end();
  if (bodies.size() > 1) {
    PrintUnknown(streams);
  }
  CallFunction(bodies, words, streams);
  return certain && !names_.Contains(words[0].text);
}

void Evaluator::PrintUnknown(const Streams& streams) const {
  for (std::string* text : {streams.output, streams.errors}) {
    if (text != nullptr && !text->ends_with(kUnknownPart) && text->size() < kMostOutput) {
      text->push_back(kUnknownPart);
    }
  }
}

// What prints `text` runs beside others: it may stand before, behind and among all that they print.
void Evaluator::PrintInAnyOrder(std::string_view text, const Streams& streams) {
  if (!text.empty() && streams.output != nullptr) {
    streams.output->assign(1, kUnknownPart);
    any_order_ = true;
  }
}

// Remembers that what is printed from here on may hold a name, because a word does.
void Evaluator::NoteMentions(const Words& words, const Streams& streams) {
  if (streams.output == nullptr && streams.errors == nullptr) {
    return;
  }
  constexpr std::array<std::string_view, 4> kEditors = {"sed", "tr", "awk", "perl"};
  const bool edits = std::find(kEditors.begin(), kEditors.end(), words[0].text) != kEditors.end();
  const bool mentions = std::any_of(words.begin(), words.end(), [&](const Word& word) {
    return names_.MentionedIn(word.text) || (edits && names_.StandsIn(word.text));
  });
  mentions_ += mentions ? 1 : 0;
}

// Builtins print what the shell knows, any of which may be code; but for those that print nothing or only when they are
// asked to.
void Evaluator::PrintState(const Words& words, const Streams& streams) {
  constexpr std::array<std::string_view, 19> kSilent = {
      "eval",  "source",  ".",    "cd",   "shift", "unset",  "read",    "mapfile", "let",     "readarray",
      "break", "getopts", "exit", "test", "[",     "printf", "unalias", "return",  "continue"};
  constexpr std::array<std::string_view, 8> kSilentWithNames = {"declare",  "typeset", "export", "local",
                                                                "readonly", "set",     "trap",   "alias"};
  const std::string_view name = words[0].text;
  const bool asks = words.size() == 1 || (words[1].text.starts_with('-') && words[1].text != "--");
  const bool defines = std::find(kSilentWithNames.begin(), kSilentWithNames.end(), name) != kSilentWithNames.end();
  const bool assigns = words.size() > 1 && (name != "alias" || words.back().text.find('=') != std::string::npos);
  if (std::find(kSilent.begin(), kSilent.end(), name) != kSilent.end() || (defines && assigns && !asks)) {
    return;
  }
  if (streams.output != nullptr || streams.errors != nullptr) {
    PrintUnknown(streams);
    mentions_ += TextMentions() ? 1 : 0;
  }
}

// The name that the command word stands for: by itself, by a file that the text has made of it, or by a link on disk.
// Empty if it is another program.
std::string Evaluator::NameBehind(const Word& word) const {
  const bool is_zsh_path = word.text.size() > 1 && word.text[0] == '=' && !state_.is_bash;  // =docker
  const std::string direct(names_.MayBe(std::string_view(word.text).substr(is_zsh_path ? 1 : 0), {}));
  if (!direct.empty() || !IsKnown(word.text)) {
    return direct;
  }
  const bool has_folder = word.text.find('/') != std::string::npos;
  if (!has_folder && copies_.empty()) {
    return {};
  }
  const std::string path = has_folder ? AbsolutePath(word.text) : word.text;
  for (const auto& [copy, name] : copies_) {
    if (copy == path || (!has_folder && BaseName(copy) == path)) {
      return name;
    }
  }
  if (has_folder && IsKnown(path) && path.starts_with('/')) {
    const std::string target(BaseName(ResolvePath(path, "/").resolved));
    return names_.Contains(target) ? target : std::string();
  }
  return {};
}

// An alias holds or not, depending on how the shell was started: both are walked.
bool Evaluator::RunAlias(const Words& words, const Streams& streams) {
  const auto alias = state_.aliases.find(words[0].text);
  const bool plain = alias != state_.aliases.end() && words[0].written == words[0].text;
  const bool active =
      plain && std::find(active_aliases_.begin(), active_aliases_.end(), alias->first) != active_aliases_.end();
  if (!plain || active || !Spend(2 * state_.size())) {
    return false;
  }
  std::string text = alias->second;
  bool goes_on = text.ends_with(' ') || text.ends_with('\t');
  for (std::size_t i = 1; i < words.size(); ++i) {
    // Behind a blank at the alias's end the next word may be an alias, too.
    const auto next = goes_on ? state_.aliases.find(words[i].written) : state_.aliases.end();
    const bool is_alias = next != state_.aliases.end();
    text.append(" ").append(is_alias ? next->second : Quoted(words[i]));
    goes_on = is_alias && (next->second.ends_with(' ') || next->second.ends_with('\t'));
  }
  ShellState before = state_;
  active_aliases_.push_back(alias->first);
  RunText(text, streams);
  active_aliases_.pop_back();
  ShellState after = std::move(state_);
  state_ = std::move(before);
  const std::string name = words[0].text;
  active_aliases_.push_back(name);
  RunWords(words, streams, Lookup::kShell);
  active_aliases_.pop_back();
  state_.Join(after);
  succeeded_ = std::nullopt;
  attempted_directory_.clear();
  return true;
}

// Whether the command word is the whole value of a variable that gets it from text that is read or matched.
bool Evaluator::IsReadFromText(const Word& word) const {
  std::string_view written = word.written;
  const auto skip = [&written](std::string_view what) {
    written.remove_prefix(std::min(written.find_first_not_of(what), written.size()));
  };
  if (word.text.find_first_not_of(kUnknownPart) != std::string::npos) {
    return false;
  }
  skip("\"");
  if (!written.starts_with('$')) {
    return false;
  }
  written.remove_prefix(1);
  skip("{!");
  std::size_t size = 0;
  while (size < written.size() && IsNameCharacter(written[size])) {
    ++size;
  }
  const std::string_view name = written.substr(0, size);
  const bool positional = written.starts_with('@') || written.starts_with('*') ||
                          (!name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos);
  const bool never_set =
      !name.empty() && assigned_.find(name) == assigned_.end() && state_.Get(name).state == Variable::State::kUnset;
  return positional || never_set || name == "BASH_REMATCH" || name == "REPLY" || name == "MAPFILE" ||
         read_names_.find(name) != read_names_.end();
}

// Whether a variable stands in `written` whose value is not known, but was made from something that mentions a name.
bool Evaluator::RefersToMention(std::string_view written) const {
  for (std::size_t at = written.find('$'); at < written.size(); at = written.find('$', at + 1)) {
    std::size_t begin = at + 1;
    while (begin < written.size() && (written[begin] == '{' || written[begin] == '!' || written[begin] == '#')) {
      ++begin;
    }
    std::size_t end = begin;
    while (end < written.size() && IsNameCharacter(written[end])) {
      ++end;
    }
    const std::string_view name = written.substr(begin, end - begin);
    const bool is_text = name == "BASH_EXECUTION_STRING" || name == "BASH_COMMAND";
    if (tainted_.find(name) != tainted_.end() || (is_text && TextMentions())) {
      return true;
    }
  }
  return false;
}

// Whether an unknown command word is a path, or what find puts in place of {}.
bool Evaluator::MayNameScript(const Word& word) {
  return word.text.find('/') != std::string::npos || word.written.find("{}") != std::string::npos;
}

void Evaluator::RunUnknownCommand(const Words& words) {
  if (words.size() > 1 && ReportNameAmong(words, words[0].may_split)) {
    return;
  }
  Spend(1 + (source_.size() + inner_.size()) / 16);
  const bool mentions = LooksLikeEngineArguments(words) || names_.MentionedIn(source_) || RefersToMention(source_) ||
                        RefersToMention(inner_) || mentions_ > command_start_ ||
                        (MayNameScript(words[0]) && MayBeScriptThatMentions(AbsolutePath(words[0].text))) ||
                        (words[0].text == std::string(1, kUnknownPart) && WrittenFilesMention()) ||
                        (decoder_seen_ && words.size() > 1) ||
                        (IsReadFromText(words[0]) && (TextMentions() || names_.MentionedIn(current_text_)));
  ReportOpaque(decoder_seen_ ? Opaque::Reason::kHiddenCode : Opaque::Reason::kUnknownCommand, source_,
               "which program runs is known only when it does", mentions);
}

// Whether a file that the text has written, and that the program may read, mentions a name.
bool Evaluator::ReadsMention(const Words& words, const Streams& streams) const {
  if (files_.changes() == 0) {
    return false;
  }
  const auto mentions = [this](const std::string& path) {
    const std::vector<std::string> texts = files_.IsWritten(path) ? files_.ReadAll(path) : std::vector<std::string>();
    return std::any_of(texts.begin(), texts.end(),
                       [this](const std::string& text) { return names_.MentionedIn(text); });
  };
  return (!streams.file.empty() && mentions(streams.file)) ||
         std::any_of(words.begin() + 1, words.end(),
                     [&](const Word& word) { return !word.text.empty() && mentions(AbsolutePath(word.text)); });
}

// Whether a file that a program before a shell in a pipeline was given mentions a name.
bool Evaluator::ReadFilesMention() const {
  const auto mentions = [this](const std::string& path) {
    const std::vector<std::string> texts = files_.ReadAll(path);
    return std::any_of(texts.begin(), texts.end(),
                       [this](const std::string& text) { return names_.MentionedIn(text); });
  };
  return std::any_of(read_files_.begin(), read_files_.end(), [&](const std::string& path) {
    const std::vector<std::string> inside = files_.WrittenWith(path + "/");  // if it is a folder
    return mentions(path) || std::any_of(inside.begin(), inside.end(), mentions);
  });
}

// Whether a file that the text has written mentions a name.
bool Evaluator::WrittenFilesMention() {
  if (written_mention_ || files_.changes() == changes_looked_at_) {
    return written_mention_;
  }
  if (!Spend(1 + files_.text_bytes() / 16 + files_.written_count() / 2)) {
    return TextMentions();
  }
  changes_looked_at_ = files_.changes();
  const std::vector<std::string_view> texts = files_.WrittenTexts();
  written_mention_ =
      std::any_of(texts.begin(), texts.end(), [this](std::string_view text) { return names_.MentionedIn(text); });
  return written_mention_;
}

// Remembers the files that a program may have read, of which nobody knows what it prints.
void Evaluator::NoteReadFiles(const Words& words) {
  for (std::size_t i = 1; i < words.size() && read_files_.size() < kMostReadFiles; ++i) {
    const std::string_view text = words[i].text;
    const std::string_view path = text.substr(text.find('=') == text.npos ? 0 : text.find('=') + 1);
    if (!path.empty() && path[0] != '-' && path.find_first_of(" \n") == path.npos) {
      read_files_.push_back(AbsolutePath(path));
    }
  }
}

// Whether a comment of a substitution in a here-document goes on behind a backslash: only bash joins such lines first.
bool Evaluator::HasContinuedComment(std::string_view text) {
  const std::size_t document = text.find("<<");
  if (document == text.npos || text.find_first_of("`(", document) == text.npos) {
    return false;
  }
  for (std::size_t at = text.find("\\\n", document); at < text.size(); at = text.find("\\\n", at + 1)) {
    const std::size_t line = text.rfind('\n', at) + 1;
    if (text.substr(line, at - line).find('#') != text.npos) {
      return true;
    }
  }
  return false;
}

// Whether "${...'...}" stands in `text`: bash pairs such quotes, other shells take them as they are.
bool Evaluator::HasQuoteInOperand(std::string_view text) {
  for (std::size_t at = text.find("\"${"); at < text.size(); at = text.find("\"${", at + 1)) {
    if (text.find('\'', at) < text.find('}', at)) {
      return true;
    }
  }
  return false;
}

// What is known of the status of a program that is called by this name.
std::optional<bool> Evaluator::StatusOf(std::string_view name) {
  const bool succeeds = name == "true" || name == ":" || name == "echo" || name == "pwd";
  return succeeds ? std::optional(true) : (name == "false" ? std::optional(false) : std::nullopt);
}

// What the program prints goes where somebody reads it.
void Evaluator::Print(const Words& words, const Streams& streams) {
  if ((streams.output == nullptr && streams.errors == nullptr) || !Spend(1 + state_.size() / 4)) {
    return;
  }
  const bool physical = state_.physical || runner_depth_ > 0 || words[0].text != "pwd";
  ToolContext context;
  context.cwd = state_.cwd;
  context.physical = physical;
  context.input = InputOf(streams);
  context.files = &files_;
  const Environment environment = state_.CommandEnvironment();
  context.environment = &environment;
  context.is_bash = state_.is_bash && runner_depth_ == 0 && state_.options.xpg_echo == Setting::kOff;
  context.asks_for_program = std::none_of(words.begin() + 1, words.end(), [this](const Word& word) {
    return state_.functions.find(word.text) != state_.functions.end() ||
           state_.aliases.find(word.text) != state_.aliases.end();
  });
  context.paths_changed = !linked_files_.empty();
  const std::optional<std::string> output = OutputOf(words, context);
  constexpr std::array<std::string_view, 6> kStatePrinters = {"env", "printenv", "history", "fc", "jobs", "ps"};
  const bool prints_variables =
      std::find(kStatePrinters.begin(), kStatePrinters.end(), words[0].text) != kStatePrinters.end();
  const bool is_known = output && IsKnown(*output);
  const bool mentions = (prints_variables && TextMentions()) || (!is_known && ReadsMention(words, streams));
  mentions_ += !is_known && mentions ? 1 : 0;
  printed_ = output ? PrintedWords::kAny : WordsPrintedBy(words);
  if (!is_known || any_order_ || leaving_ != Leaving::kNothing) {
    NoteReadFiles(words);
  }
  if (!output || any_order_ || leaving_ != Leaving::kNothing) {
    PrintUnknown(streams);
    mentions_ += output && names_.MentionedIn(*output) ? 1 : 0;
  } else if (streams.output != nullptr) {
    streams.output->append(*output, 0, streams.output->size() < kMostOutput ? output->size() : 0);
    mentions_ += names_.MentionedIn(*output) ? 1 : 0;
  }
  if (output && !is_known && streams.errors != nullptr && streams.errors != streams.output) {
    Streams errors_only;
    errors_only.errors = streams.errors;
    PrintUnknown(errors_only);
  }
  decoder_seen_ = decoder_seen_ || (streams.output != nullptr && IsDecoder(words) && !is_known);
}

// Remembers that a program which may write files was given a name, in its words or by its input.
void Evaluator::NoteForeignMention(std::string_view program, const Words& words, const Streams& streams) {
  constexpr std::array<std::string_view, 18> kWriters = {"bunzip2", "cpio", "csplit", "dd",    "ed",    "git",
                                                         "gunzip",  "gzip", "patch",  "rsync", "sed",   "sort",
                                                         "split",   "tar",  "uniq",   "unxz",  "unzip", "zstd"};
  const bool writes = std::find(kWriters.begin(), kWriters.end(), program) != kWriters.end();
  if (foreign_mention_ || !files_may_differ_ || (IsKnownNonExecutor(program) && !writes)) {
    return;
  }
  const std::string* input = streams.input;
  foreign_mention_ =
      (input != nullptr && names_.MentionedIn(*input)) || (writes && WrittenFilesMention()) ||
      std::any_of(words.begin() + 1, words.end(), [this](const Word& word) { return names_.MentionedIn(word.text); });
}

// The base name of the program that a command word calls, links and copies that the text made taken into account.
std::string Evaluator::ProgramBehind(std::string_view word) const {
  std::string name(BaseName(word));
  if (word.find('/') == word.npos) {
    return name;
  }
  if (word.starts_with("/proc/") && name == "exe") {
    return "bash";
  }
  const std::string path = AbsolutePath(word);
  const std::string alias = files_.Behind(path);
  const std::string target(BaseName(alias != path || !IsKnown(path) ? alias : ResolvePath(path, "/").resolved));
  const bool runs_others = IsShell(target) || FindRunner(target);
  return runs_others ? target : name;
}

// Whether the program only starts another one: it prints nothing of its own.
bool Evaluator::PassesOutputOn(const std::optional<Runner>& runner, const Words& words) {
  const bool has_command =
      words.size() > 1 && !words[1].text.starts_with('-') && words[1].text.find('=') == std::string::npos;
  return runner && runner->Has(Runner::kPrintsNothing) && has_command && !words[1].may_split;
}

bool Evaluator::CallIsIn(const std::string* text) const { return text != nullptr && names_.CalledIn(*text); }

void Evaluator::RunProgram(Words words, const Streams& streams) {
  const std::string program = ProgramBehind(words[0].text);
  const std::optional<Runner> runner = FindRunner(RunnerName(program, words));
  succeeded_ = StatusOf(words[0].text);
  if (!PassesOutputOn(runner, words)) {
    Print(words, streams);
  }
  NoteProgram(program);
  NoteForeignMention(program, words, streams);
  NoteTargets(program, words, streams);
  if (program == "git" && files_.changes() > 0 && Spend(1 + files_.written_count())) {
    for (const char* folder : {"/hooks/", "/git-"}) {
      for (const std::string& path : files_.WrittenWith(folder)) {
        RunExecutable(path, {words[0]}, {});
      }
    }
    for (const std::string& path : files_.WrittenWith("config")) {
      const std::vector<std::string> texts = files_.ReadAll(path);
      const bool mentions =
          std::any_of(texts.begin(), texts.end(), [this](const std::string& text) { return names_.MentionedIn(text); });
      if (mentions && (path.ends_with("/config") || path.ends_with("gitconfig"))) {
        ReportOpaque(Opaque::Reason::kInterpreter, source_, "its configuration may run commands", true);
      }
    }
  }
  if (RunWrittenProgram(words, streams)) {
    return;
  }
  if (runner && RunsSubcommand(*runner, words)) {
    RunRunner(*runner, words, streams);
  } else if (IsShell(program)) {
    RunShell(words, streams);
  } else if (program.starts_with("ld-linux") || program == "ld.so") {  // the loader runs what follows
    RunWords(Words(words.begin() + 1, words.end()), streams, Lookup::kProgram);
  } else if (RunForeign(words, streams)) {
    return;
  } else if (words[0].text.find('/') != std::string::npos &&
             RunExecutable(AbsolutePath(words[0].text), words, streams)) {
    return;
  } else if ((IsKnownNonExecutor(program) || !ReportNameAmong(words, false)) && RunsArgumentText(program) &&
             ((program == "sqlite3" && CallIsIn(streams.input)) ||
              std::any_of(words.begin() + 1, words.end(), [this](const Word& word) { return CallIsIn(&word.text); }))) {
    ReportOpaque(Opaque::Reason::kInterpreter, source_, "a program that may run one of its arguments", true);
  }
}

// Text that a shell reads: it may itself hold unknown parts, which may be anything.
void Evaluator::RunText(std::string_view text, const Streams& streams) {
  if (!IsKnown(text)) {
    ReportComputed(text);
    if (text.find_first_not_of(std::string_view("\0 \t\n", 4)) == std::string_view::npos) {
      return;
    }
  }
  if (!state_.is_bash && (HasQuoteInOperand(text) || HasContinuedComment(text)) && names_.MentionedIn(text)) {
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "sh and bash read it differently", true);
  }
  if (text_depth_ >= kDeepestText || !Spend(1 + text.size() / 16)) {
    ReportOpaque(Opaque::Reason::kTooMuch, source_, "code in code, too deep", names_.MentionedIn(text));
    return;
  }
  ++text_depth_;
  auto parsed = programs_.find(text);
  if (parsed == programs_.end()) {
    parsed = programs_.emplace(std::string(text), Program()).first;
    parsed->second = Parse(parsed->first, &arena_, 0);
  }
  const Program& program = parsed->second;
  ReportBroken(program);
  const std::string_view outer = std::exchange(current_text_, parsed->first);
  Execute(*program.commands, streams);
  current_text_ = outer;
  --text_depth_;
}

// Whether one of the names stands anywhere in the judged text.
bool Evaluator::TextMentions() const {
  if (!text_mentions_) {
    text_mentions_ = names_.MentionedIn(text_);
  }
  return *text_mentions_;
}

// Words from the first on that is one of the names and is followed by what may follow it.
bool Evaluator::ReportNameAmong(const Words& words, bool any_follower) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    const std::string_view base = BaseName(text);
    const std::string_view folder = text.substr(0, text.size() - base.size());
    if (!names_.Contains(base) || !(folder.empty() || folder == "./" || folder.ends_with("bin/"))) {
      continue;
    }
    const bool has_options = i + 1 < words.size() && words[i + 1].text.starts_with('-');
    const bool follows =
        i + 1 < words.size() &&
        (LooksLikeSubcommand(words[i + 1].text) || words[i + 1].may_split ||
         (has_options && std::any_of(words.begin() + static_cast<std::ptrdiff_t>(i) + 2, words.end(),
                                     [](const Word& word) { return LooksLikeSubcommand(word.text); })));
    if (any_follower || follows) {
      // What starts it may do so as another user.
      const ShellVariable home = state_.Get("HOME");
      const bool is_unknown = !IsKnown(words[0].text) || words[0].may_split;
      if (is_unknown) {
        state_.Set("HOME", UnknownVariable());
      }
      Report(Words(words.begin() + static_cast<std::ptrdiff_t>(i), words.end()), {});
      if (is_unknown) {
        state_.Set("HOME", home);
      }
      return true;
    }
  }
  return false;
}

void Evaluator::Report(Words words, const Streams& streams) {
  PrintUnknown(streams);
  files_may_differ_ = true;
  const std::size_t input_size = streams.input == nullptr ? 0 : streams.input->size();
  if (!Spend(1 + state_.size() / 8 + (input_size + LengthOf(words)) / 64)) {
    return;
  }
  const bool prints_identifier = context_.prints_identifier != nullptr && context_.prints_identifier(words);
  printed_ = prints_identifier ? PrintedWords::kIdentifier : PrintedWords::kAny;
  CommandLine line;
  line.environment = state_.CommandEnvironment();
  line.cwd = state_.cwd;
  line.source = OneLine(source_);
  if (streams.input != nullptr && IsKnown(*streams.input)) {
    line.standard_input = *streams.input;
    line.has_standard_input = true;
  }
  line.standard_input_file = streams.redirected && streams.input == nullptr ? streams.file : std::string();
  line.standard_output_file = streams.output_file;
  std::string key = std::to_string(words[0].span.begin) + '\n' + line.cwd;
  for (const Word& word : words) {
    key.append("\n").append(word.text).append(word.may_split ? "?" : "!");
  }
  for (const auto& [name, variable] : line.environment.changes()) {
    key.append("\n").append(name).append("=").append(variable.value);
  }
  line.words = std::move(words);
  if (Spend(1 + key.size() / 64 + 2 * line.environment.changes().size()) && reported_.insert(std::move(key)).second) {
    analysis_.commands.push_back(std::move(line));
  }
}

void Evaluator::ReportComputed(std::string_view text) {
  const std::string_view around = text_depth_ == 0 ? pipeline_ : source_;
  Spend(1 + (text.size() + around.size() + source_.size() + inner_.size()) / 64);
  const bool mentions = names_.MentionedIn(text) || names_.MentionedIn(around) || names_.MentionedIn(inner_) ||
                        mentions_ > pipeline_start_ || RefersToMention(around) || RefersToMention(source_) ||
                        (input_may_be_any_text_ && TextMentions()) || ReadFilesMention() ||
                        (foreign_mention_ && !read_files_.empty());
  ReportOpaque(decoder_seen_ ? Opaque::Reason::kHiddenCode : Opaque::Reason::kComputedCode, source_,
               "the shell code is known only when it runs", mentions);
}

void Evaluator::ReportBroken(const Program& program) {
  const auto reason = [](Failure failure) {
    return failure == Failure::kTooDeep ? Opaque::Reason::kTooMuch : Opaque::Reason::kSyntaxError;
  };
  if (program.failure != Failure::kNone) {
    const std::string detail =
        program.failure == Failure::kTooDeep ? "nested too deeply" : Describe(program.error, program.commands->written);
    // An alias may make sense of what makes none by itself.
    const bool mentions = names_.MentionedIn(program.rest) || (text_.find("alias") != text_.npos && TextMentions());
    ReportOpaque(reason(program.failure), program.rest, detail, mentions);
  }
  for (const BrokenPart& part : program.broken_parts) {
    ReportOpaque(reason(part.failure), part.text, "bash would refuse this", names_.MentionedIn(part.text));
  }
}

void Evaluator::ReportOpaque(Opaque::Reason reason, std::string_view written, std::string detail, bool mentions) {
  const Span span = SpanOf(written);
  for (const Opaque& each : analysis_.opaque) {
    if (each.reason == reason && each.span.begin == span.begin && each.mentions_name == mentions) {
      return;
    }
  }
  if (analysis_.opaque.size() < 64 || (mentions && analysis_.opaque.size() < 128)) {
    analysis_.opaque.push_back({reason, OneLine(written), std::move(detail), mentions, span});
  }
}

}  // namespace safe_docker::shell
