// The part of the evaluator that knows what a command's name stands for: one of the names, a program that runs others,
// a shell, an interpreter.
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"
#include "runners/runner_prefix.hpp"
#include "tools/output.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestText = 16;

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
    NoteReader(streams);
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
  NoteReader(streams);
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

// A folder, on disk or made by the text, and nothing else where folders on the way to it were to be made.
bool Evaluator::IsFolderByNow(std::string path) {
  const bool may_be_gone = std::any_of(removed_files_.begin(), removed_files_.end(), [&path](const std::string& gone) {
    return !IsKnown(gone) || IsWithin(path, gone);
  });
  if (may_be_gone) {
    return false;
  }
  const std::size_t whole = path.size();
  while (files_.IsMadeFolder(path) && Spend(kCostOfLookUp / 4)) {
    const ResolvedPath::Kind kind = ResolvePath(path, "/").kind;
    if (kind == ResolvedPath::Kind::kDirectory) {
      break;
    }
    if (kind != ResolvedPath::Kind::kMissing || !files_.ReadAll(path).empty()) {
      return false;
    }
    path.resize(std::max<std::size_t>(path.rfind('/'), 1));
  }
  // Where nothing may be made, the shell stays where it is.
  const bool may_be_made = path.size() == whole || access(path.c_str(), W_OK | X_OK) == 0;
  return may_be_made && ResolvePath(path, "/").kind == ResolvedPath::Kind::kDirectory;
}

// True for a mkdir -p after which its folders are there for certain, unless the text has changed who may write where.
bool Evaluator::MakesFolders(const Words& words) {
  bool with_parents = false;
  for (std::size_t at = 1; at < words.size(); ++at) {
    const Word& word = words[at];
    const bool is_switch = word.text == "-p" || word.text == "--parents" || word.text == "-pv" || word.text == "-vp";
    with_parents = with_parents || is_switch;
    const bool is_name = IsKnown(word.text) && !word.may_split && !word.text.empty() && word.text[0] != '-';
    if (!is_switch && (!is_name || !IsKnown(state_.cwd) || !IsFolderByNow(AbsolutePath(word.text)))) {
      return false;
    }
  }
  return with_parents && words.size() > 2 && !may_limit_;
}

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
  succeeded_ = words[0].text == "mkdir" && MakesFolders(words) ? std::optional(true) : succeeded_;
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

}  // namespace safe_docker::shell
