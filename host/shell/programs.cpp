// The part of the evaluator that knows what a command's name stands for: one of the names, a program that runs others,
// a shell, an interpreter.
#include <algorithm>
#include <array>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "output.hpp"
#include "runner_prefix.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestText = 16;
constexpr int kDeepestScript = 3;
constexpr int kMostRunners = 24;  // sudo env nice ...
constexpr std::uint64_t kMostScript = 256 * 1024;
constexpr std::size_t kMostSource = 200;

std::string Quoted(const Word& word) {
  if (word.may_split) {
    return word.text;
  }
  std::string quoted = "'";
  for (const char c : word.text) {
    c == '\'' ? quoted.append("'\\''") : quoted.append(1, c);
  }
  return quoted + "'";
}

std::string JoinedText(const std::vector<Word>& words, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < words.size(); ++i) {
    text.append(i == from ? "" : " ").append(words[i].text);
  }
  return text;
}

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
      while ((static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) {
        line.pop_back();
      }
      line.pop_back();
      return line + "...";
    }
  }
  return line;
}

bool HasExecutor(std::string_view text) {
  constexpr std::array<std::string_view, 14> kExecutors = {"system", "subprocess", "exec",    "spawn",         "popen",
                                                           "Popen",  "`",          "shutil",  "child_process", "qx",
                                                           "%x",     "os.",        "Command", "shell"};
  return std::any_of(kExecutors.begin(), kExecutors.end(),
                     [text](std::string_view each) { return text.find(each) != std::string_view::npos; });
}

}  // namespace

void Evaluator::RunWords(Words words, const Streams& streams, Lookup lookup) {
  if (words.empty() || !Spend(words.size())) {
    return;
  }
  if (lookup == Lookup::kShell) {
    if (RunAlias(words, streams)) {
      return;
    }
    const auto function = state_.functions.find(words[0].text);
    if (function != state_.functions.end()) {
      const std::vector<const Command*> bodies = function->second;
      CallFunction(bodies, words, streams);
      const bool certain = std::find(bodies.begin(), bodies.end(), nullptr) == bodies.end();
      if (certain && !names_.Contains(words[0].text)) {
        if (streams.output != nullptr) {
          streams.output->push_back(kUnknownPart);
        }
        return;
      }
    }
  }
  const std::string name(names_.MayBe(words[0].text, {}));
  if (!name.empty()) {
    if (!IsKnown(words[0].text)) {
      words[0].text = name;
    }
    Report(std::move(words), streams);
    return;
  }
  const bool is_pattern = words[0].text.find('(') != std::string::npos;  // of extglob
  if (is_pattern || !IsKnown(BaseName(words[0].text))) {
    if (streams.output != nullptr) {
      streams.output->push_back(kUnknownPart);
    }
    RunUnknownCommand(words);
    return;
  }
  if (lookup != Lookup::kProgram && RunBuiltin(words, streams)) {
    return;
  }
  RunProgram(std::move(words), streams);
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
  for (std::size_t i = 1; i < words.size(); ++i) {
    text.append(" ").append(Quoted(words[i]));
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
  return true;
}

void Evaluator::RunUnknownCommand(const Words& words) {
  if (words.size() > 1 && ReportNameAmong(words, words[0].may_split)) {
    return;
  }
  const bool mentions =
      LooksLikeEngineArguments(words) || names_.MentionedIn(source_) || (decoder_seen_ && words.size() > 1);
  ReportOpaque(decoder_seen_ ? Opaque::Reason::kHiddenCode : Opaque::Reason::kUnknownCommand, source_,
               "which program runs is known only when it does", mentions);
}

void Evaluator::RunProgram(Words words, const Streams& streams) {
  const std::string program(BaseName(words[0].text));
  const std::string* input = streams.redirected ? streams.input : nullptr;
  if (streams.output != nullptr) {
    decoder_seen_ = decoder_seen_ || IsDecoder(words);
    const std::optional<std::string> output = OutputOf(words, state_.cwd, input);
    const std::string text = output ? *output : std::string(1, kUnknownPart);
    streams.output->append(text, 0, streams.output->size() < kMostScript ? text.size() : 0);
  }
  if (program == "printf" && words.size() > 2 && words[1].text == "-v") {
    NoteAssigned(words[2].text);
    state_.Set(words[2].text, UnknownVariable());
  }
  if (program == "tee") {
    std::for_each(words.begin() + 1, words.end(), [this](const Word& word) { NoteWritten(word.text); });
  }
  if (words[0].text.find('/') != std::string::npos && ReportWrittenScript(words[0].text)) {
    return;
  }
  if (const Runner* runner = FindRunner(program); runner != nullptr) {
    RunRunner(*runner, words, streams);
  } else if (program == "find") {
    RunFind(words, streams);
  } else if (IsShell(program)) {
    RunShell(words, streams);
  } else if (IsInterpreter(program)) {
    RunInterpreter(words, streams);
  } else if (words[0].text.find('/') != std::string::npos && IsShellScript(words[0].text)) {
    RunScript(words[0], Words(words.begin() + 1, words.end()), streams, false);
  } else if (!IsKnownNonExecutor(program)) {
    ReportNameAmong(words, false);
  }
}

// True for a text file that a shell runs when it is called by its path: its first line names a shell, or nothing.
bool Evaluator::IsShellScript(const std::string& path) {
  if (!path.starts_with('/') && !IsKnown(state_.cwd)) {
    return false;
  }
  const FileContent content = ReadRegularFile(CleanPath(path, state_.cwd), kMostScript);
  if (content.status != FileContent::Status::kRead || content.text.find('\0') != std::string::npos) {
    return false;
  }
  if (!content.text.starts_with("#!")) {
    return true;
  }
  std::string_view line = std::string_view(content.text).substr(2, content.text.find('\n') - 2);
  while (!line.empty()) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    line.remove_prefix(std::min(first, line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    if (IsShell(BaseName(word))) {
      return true;
    }
    line.remove_prefix(word.size());
  }
  return false;
}

void Evaluator::RunRunner(const Runner& runner, const Words& words, const Streams& streams) {
  const bool only_asks = runner.name == "command" && words.size() > 1 && words[1].text.size() > 1 &&
                         words[1].text[0] == '-' && words[1].text.find_first_of("vV") != std::string::npos;
  if (only_asks) {
    return;
  }
  Prefix prefix = ReadPrefix(runner, words);
  for (const auto& [name, value] : prefix.assignments) {
    NoteAssigned(name);
  }
  if (!prefix.understood) {
    if (!ReportNameAmong(words, true) && names_.MentionedIn(source_)) {
      ReportOpaque(Opaque::Reason::kUnknownCommand, source_, "which program runs is known only when it does", true);
    }
    return;
  }
  if (!Spend(2 * state_.size())) {
    return;
  }
  ShellState saved = state_;
  for (const auto& [name, value] : prefix.assignments) {
    state_.Set(name, KnownOrNot(value));
    state_.Export(name);
  }
  Words inner(words.begin() + static_cast<std::ptrdiff_t>(prefix.command), words.end());
  const std::string_view outer_source = source_;
  const bool replaces = (runner.inner == Runner::Inner::kXargs || runner.inner == Runner::Inner::kParallel);
  if (replaces) {
    source_ = text_depth_ == 0 && !pipeline_.empty() ? pipeline_ : source_;  // the words come through the pipe
    const std::string from =
        prefix.replacement.empty() && runner.inner == Runner::Inner::kParallel ? "{}" : prefix.replacement;
    bool replaced = false;
    for (std::size_t i = 0; i < inner.size() && !from.empty(); ++i) {
      for (std::size_t at = inner[i].text.find(from); at != std::string::npos; at = inner[i].text.find(from, at + 1)) {
        inner[i].text.replace(at, from.size(), 1, kUnknownPart);
        replaced = true;
      }
    }
    if (!inner.empty() && !replaced) {
      inner.push_back({std::string(1, kUnknownPart), "", true, inner.back().span});
    }
  }
  if (runner.name == "env" && prefix.has_text) {
    for (const Word& word : inner) {
      prefix.text.append(" ").append(Quoted(word));
    }
    inner.clear();
  }
  if (prefix.has_text) {
    RunInChildShell(prefix.text, "", {}, streams);
  }
  if (!inner.empty() && runner_depth_ < kMostRunners) {
    ++runner_depth_;
    RunInner(runner, std::move(inner), streams);
    --runner_depth_;
  } else if (!inner.empty()) {
    NoteTooMuch();
  }
  source_ = outer_source;
  if (runner.name == "command" || runner.name == "builtin") {
    return;  // these run in the shell itself: what they change stays
  }
  state_ = std::move(saved);
}

void Evaluator::RunInner(const Runner& runner, Words inner, const Streams& streams) {
  switch (runner.inner) {
    case Runner::Inner::kNone:
      break;
    case Runner::Inner::kShellText:
      RunInChildShell(JoinedText(inner, 0), "", {}, streams);
      break;
    case Runner::Inner::kOtherMachine:
      if (names_.MentionedIn(JoinedText(inner, 0))) {
        ReportOpaque(Opaque::Reason::kOtherMachine, source_, "runs on another machine", true);
      }
      break;
    case Runner::Inner::kParallel:
      if (inner[0].text.find(' ') != std::string::npos) {
        RunInChildShell(JoinedText(inner, 0), "", {}, streams);
        break;
      }
      [[fallthrough]];
    case Runner::Inner::kXargs:
    case Runner::Inner::kWords: {
      const bool in_shell = runner.name == "command" || runner.name == "builtin";
      Streams inner_streams = streams;
      if (runner.inner != Runner::Inner::kWords) {
        inner_streams.input = nullptr;
      }
      RunWords(std::move(inner), inner_streams, in_shell ? Lookup::kBuiltin : Lookup::kProgram);
    }
  }
}

void Evaluator::RunFind(const Words& words, const Streams& streams) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (word != "-exec" && word != "-execdir" && word != "-ok" && word != "-okdir") {
      continue;
    }
    Words inner;
    for (++i; i < words.size() && words[i].text != ";" && !(words[i].text == "+" && words[i - 1].text == "{}"); ++i) {
      inner.push_back(words[i]);
      std::string& text = inner.back().text;
      for (std::size_t at = text.find("{}"); at != std::string::npos; at = text.find("{}", at + 1)) {
        text.replace(at, 2, 1, kUnknownPart);
      }
      const bool several = i + 1 < words.size() && words[i + 1].text == "+";
      inner.back().may_split = inner.back().may_split || (several && words[i].text == "{}");
    }
    if (!inner.empty()) {
      RunWords(std::move(inner), streams, Lookup::kProgram);
    }
  }
}

void Evaluator::RunShell(const Words& words, const Streams& streams) {
  bool is_command = false;
  bool from_input = false;
  std::size_t at = 1;
  for (; at < words.size(); ++at) {
    const std::string_view word = words[at].text;
    if (words[at].may_split) {
      ReportComputed(words[at].text);
      return;
    }
    if (word == "--" || word == "-") {
      ++at;
      break;
    }
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) {
      break;
    }
    if (word.starts_with("--")) {
      at += word == "--rcfile" || word == "--init-file" ? 1 : 0;
      continue;
    }
    is_command = is_command || (word[0] == '-' && word.find('c') != word.npos);
    from_input = from_input || word.find('s') != word.npos;
    at +=
        static_cast<std::size_t>(std::count_if(word.begin(), word.end(), [](char c) { return c == 'o' || c == 'O'; }));
  }
  at = std::min(at, words.size());
  const Words rest(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  if (is_command) {
    if (!rest.empty()) {
      const Words arguments(rest.begin() + std::min<std::ptrdiff_t>(2, static_cast<std::ptrdiff_t>(rest.size())),
                            rest.end());
      const bool names_itself = rest.size() > 1 && !rest[1].may_split;
      RunInChildShell(rest[0].text, names_itself ? rest[1].text : words[0].text, arguments, streams);
    }
  } else if (from_input || rest.empty() || rest[0].text == "/dev/stdin") {
    RunShellInput(rest, streams);
  } else {
    RunScript(rest[0], Words(rest.begin() + 1, rest.end()), streams, false);
  }
}

void Evaluator::RunShellInput(const Words& arguments, const Streams& streams) {
  if (streams.input != nullptr) {
    const std::string text = *streams.input;
    Streams inner = streams;
    inner.input = nullptr;
    RunInChildShell(text, "", arguments, inner);
  } else if (streams.redirected) {
    ReportComputed(std::string(1, kUnknownPart));
  }
}

// A new shell: it has the exported variables alone. `script_name` is its $0; empty if that is not known.
void Evaluator::RunInChildShell(const std::string& text, const std::string& script_name, const Words& arguments,
                                const Streams& streams) {
  if (!Spend(2 * state_.size())) {
    return;
  }
  ShellState saved = state_;
  for (const std::string& name : assigned_) {
    if (state_.Has(name) && !state_.Get(name).exported && state_.Get(name).state != Variable::State::kUnset) {
      state_.Forget(name);
    }
  }
  state_.functions.clear();
  state_.aliases.clear();
  state_.script_name = script_name;
  state_.arguments.clear();
  state_.arguments_known = std::none_of(arguments.begin(), arguments.end(), [](const Word& w) { return w.may_split; });
  for (const Word& argument : arguments) {
    state_.arguments.push_back(argument.text);
  }
  RunText(text, streams);
  state_ = std::move(saved);
}

// A shell script that is there already. One that is not has nothing to tell.
void Evaluator::RunScript(const Word& path, const Words& arguments, const Streams& streams, bool same_shell) {
  if (path.text.starts_with("/dev/fd/") || path.text == "/dev/stdin") {
    path.text == "/dev/stdin" && streams.input != nullptr ? RunText(*streams.input, streams)
                                                          : ReportComputed(path.text);
    return;
  }
  const bool known = IsKnown(path.text) && (path.text.starts_with('/') || IsKnown(state_.cwd));
  if (!known || script_depth_ >= kDeepestScript || text_depth_ >= kDeepestText) {
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "which script runs is not known", false);
    return;
  }
  if (ReportWrittenScript(path.text)) {
    return;
  }
  const FileContent content = ReadRegularFile(CleanPath(path.text, state_.cwd), kMostScript);
  if (content.status != FileContent::Status::kRead || content.text.find('\0') != std::string::npos) {
    return;
  }
  ++script_depth_;
  same_shell ? RunText(content.text, streams) : RunInChildShell(content.text, path.text, arguments, streams);
  --script_depth_;
}

void Evaluator::NoteWritten(std::string_view path) {
  if (!path.empty() && IsKnown(path) && path != "/dev/null" && Spend(1)) {
    written_files_.insert(CleanPath(path, state_.cwd));
  }
}

// What a file will hold that the text itself writes is not followed: it asks if a name is in sight.
bool Evaluator::ReportWrittenScript(const std::string& path) {
  if (written_files_.find(CleanPath(path, state_.cwd)) == written_files_.end()) {
    return false;
  }
  ReportOpaque(Opaque::Reason::kComputedCode, source_, "runs a file that this text writes", names_.MentionedIn(text_));
  return true;
}

void Evaluator::RunInterpreter(const Words& words, const Streams& streams) {
  std::string text = JoinedText(words, 1);
  if (streams.input != nullptr && streams.redirected) {
    text.append("\n").append(*streams.input);
  }
  const bool one_liner = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
    return word.text.find_first_of(" ({`") != std::string::npos;
  });
  // Where the language is a shell's, every word may be a command.
  const bool is_shell =
      words[0].text.find("pwsh") != std::string::npos || words[0].text.find("powershell") != std::string::npos;
  if ((one_liner || streams.redirected) && names_.MentionedIn(text) && (is_shell || HasExecutor(text))) {
    ReportOpaque(Opaque::Reason::kInterpreter, source_, "a program in another language that may start it", true);
    return;
  }
  ReportNameAmong(words, false);
}

// Text that a shell reads: it may itself hold unknown parts, which may be anything.
void Evaluator::RunText(std::string_view text, const Streams& streams) {
  if (!IsKnown(text)) {
    ReportComputed(text);
    if (text.find_first_not_of(std::string_view("\0 \t\n", 4)) == std::string_view::npos) {
      return;
    }
  }
  if (text_depth_ >= kDeepestText || !Spend(1 + text.size() / 16)) {
    ReportOpaque(Opaque::Reason::kTooMuch, source_, "code in code, too deep", names_.MentionedIn(text));
    return;
  }
  ++text_depth_;
  const Program program = Parse(arena_.Copy(text), &arena_, 0);
  ReportBroken(program);
  Execute(*program.commands, streams);
  --text_depth_;
}

// Words from the first on that is one of the names and is followed by what may follow it.
bool Evaluator::ReportNameAmong(const Words& words, bool any_follower) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    const std::string_view base = BaseName(text);
    if (!names_.Contains(base) || (text != base && !text.substr(0, text.size() - base.size()).ends_with("bin/"))) {
      continue;
    }
    const bool follows = i + 1 < words.size() && (LooksLikeSubcommand(words[i + 1].text) || words[i + 1].may_split);
    if (any_follower || follows) {
      Report(Words(words.begin() + static_cast<std::ptrdiff_t>(i), words.end()), {});
      return true;
    }
  }
  return false;
}

void Evaluator::Report(Words words, const Streams& streams) {
  if (streams.output != nullptr) {
    streams.output->push_back(kUnknownPart);
  }
  CommandLine line;
  line.environment = state_.CommandEnvironment();
  line.cwd = state_.cwd;
  line.source = OneLine(source_);
  if (streams.input != nullptr && IsKnown(*streams.input)) {
    line.standard_input = *streams.input;
    line.has_standard_input = true;
  }
  std::string key = std::to_string(words[0].span.begin) + '\n' + line.cwd;
  for (const Word& word : words) {
    key.append("\n").append(word.text).append(word.may_split ? "?" : "!");
  }
  for (const auto& [name, variable] : line.environment.changes()) {
    key.append("\n").append(name).append("=").append(variable.value);
  }
  line.words = std::move(words);
  if (Spend(1 + key.size() / 256) && reported_.insert(std::move(key)).second) {
    analysis_.commands.push_back(std::move(line));
  }
}

void Evaluator::ReportComputed(std::string_view text) {
  const bool mentions = names_.MentionedIn(text) || names_.MentionedIn(text_depth_ == 0 ? pipeline_ : source_);
  ReportOpaque(decoder_seen_ ? Opaque::Reason::kHiddenCode : Opaque::Reason::kComputedCode, source_,
               "the shell code is known only when it runs", mentions);
}

void Evaluator::ReportBroken(const Program& program) {
  const auto reason = [](Failure failure) {
    return failure == Failure::kTooDeep ? Opaque::Reason::kTooMuch : Opaque::Reason::kSyntaxError;
  };
  if (program.failure != Failure::kNone) {
    const std::string detail = program.failure == Failure::kTooDeep ? "nested too deeply" : "bash would refuse this";
    ReportOpaque(reason(program.failure), program.rest, detail, names_.MentionedIn(program.rest));
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
