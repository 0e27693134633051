// The part of the evaluator that knows what a command's name stands for: one of the names, a program that runs others,
// a shell, an interpreter.
#include <algorithm>
#include <array>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"
#include "output.hpp"
#include "runner_prefix.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestText = 16;
constexpr std::uint64_t kMostScript = 256 * 1024;
constexpr std::size_t kMostSource = 200;

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

// runuser without -u is su.
std::string_view RunnerName(std::string_view program, const std::vector<Word>& words) {
  const bool names_user = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
    return word.text.starts_with("--u") || (word.text.starts_with("-u"));
  });
  return program == "runuser" && !names_user ? "su" : program;
}

// Programs that hand their standard input to a shell, now or later.
bool ReadsShellText(std::string_view program) {
  return program == "newgrp" || program == "at" || program == "batch" || program == "crontab";
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
  // What these do to files and pipes counts as before.
  if (context_.is_quiet_name != nullptr && context_.is_quiet_name(BaseName(words[0].text))) {
    Report(words, streams);
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

void Evaluator::RunUnknownCommand(const Words& words) {
  if (words.size() > 1 && ReportNameAmong(words, words[0].may_split)) {
    return;
  }
  const bool mentions = LooksLikeEngineArguments(words) || names_.MentionedIn(source_) ||
                        (decoder_seen_ && words.size() > 1) || (IsReadFromText(words[0]) && names_.MentionedIn(text_));
  ReportOpaque(decoder_seen_ ? Opaque::Reason::kHiddenCode : Opaque::Reason::kUnknownCommand, source_,
               "which program runs is known only when it does", mentions);
}

void Evaluator::RunProgram(Words words, const Streams& streams) {
  const std::string program(BaseName(words[0].text));
  const std::string* input = streams.redirected ? streams.input : nullptr;
  if (streams.output != nullptr) {
    decoder_seen_ = decoder_seen_ || IsDecoder(words);
    const bool physical = state_.physical || runner_depth_ > 0 || words[0].text != "pwd";
    const std::optional<std::string> output = OutputOf(words, {state_.cwd, physical, input, &files_});
    printed_ = output ? PrintedWords::kAny : WordsPrintedBy(words);
    const std::string text = output ? *output : std::string(1, kUnknownPart);
    streams.output->append(text, 0, streams.output->size() < kMostScript ? text.size() : 0);
  }
  if (program == "printf" && words.size() > 2 && words[1].text == "-v") {
    NoteAssigned(words[2].text);
    state_.Set(words[2].text, UnknownVariable());
  }
  NoteTargets(program, words);
  if (words[0].text.find('/') != std::string::npos && ReportWrittenScript(words[0].text)) {
    return;
  }
  if (const Runner* runner = FindRunner(RunnerName(program, words)); runner != nullptr) {
    RunRunner(*runner, words, streams);
  } else if (ReadsShellText(program)) {
    RunShellInput({}, streams);
  } else if (program == "find") {
    RunFind(words, streams);
  } else if (IsShell(program)) {
    RunShell(words, streams);
  } else if (IsInterpreter(program)) {
    RunInterpreter(words, streams);
  } else if (words[0].text.find('/') != std::string::npos && IsShellScript(words[0].text)) {
    RunScript(words[0], Words(words.begin() + 1, words.end()), streams, false);
  } else if (!IsKnownNonExecutor(program) && !ReportNameAmong(words, false) && RunsArgumentText(program) &&
             std::any_of(words.begin() + 1, words.end(),
                         [this](const Word& word) { return names_.CalledIn(word.text); })) {
    ReportOpaque(Opaque::Reason::kInterpreter, source_, "a program that may run one of its arguments", true);
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
  const bool mentions = names_.MentionedIn(text) || names_.MentionedIn(text_depth_ == 0 ? pipeline_ : source_) ||
                        (input_may_be_any_text_ && names_.MentionedIn(text_));
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
