// The part of the evaluator that follows programs that run other programs.
#include <algorithm>

#include "evaluator.hpp"
#include "joined_words.hpp"
#include "runner_prefix.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kMostRunners = 24;  // sudo env nice ...

}  // namespace

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
  ApplyEffects(runner, prefix);
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
  if (inner.empty() && !prefix.has_text) {
    RunRunnerInput(runner, prefix, streams);
  } else if (!inner.empty() && runner_depth_ < kMostRunners) {
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

// Where the inner command runs, and what it keeps of the environment.
void Evaluator::ApplyEffects(const Runner& runner, const Prefix& prefix) {
  const RunnerEffects* effects = FindEffects(runner.name);
  const bool clears = prefix.clears_environment || (effects != nullptr && effects->changes_home && prefix.is_login);
  for (auto name = assigned_.begin(); clears && name != assigned_.end(); ++name) {
    if (state_.Get(*name).exported) {
      state_.Set(*name, UnknownVariable());
    }
  }
  if (clears || (effects != nullptr && effects->changes_home)) {
    state_.Set("HOME", UnknownVariable());
    state_.Export("HOME");
  }
  if (prefix.has_directory) {
    ChangeDirectory({{"cd", {}, false, {}}, {"--", {}, false, {}}, {prefix.directory, {}, false, {}}});
    attempted_directory_.clear();
  }
  const bool elsewhere =
      effects != nullptr && (effects->changes_directory || (effects->changes_home && prefix.is_login));
  if (elsewhere) {
    state_.cwd.assign(1, kUnknownPart);
  }
}

// A runner that was given no command: many start a shell, which reads what they read.
void Evaluator::RunRunnerInput(const Runner& runner, const Prefix& prefix, const Streams& streams) {
  if (runner.inner == Runner::Inner::kOtherMachine) {
    if (streams.input != nullptr && names_.MentionedIn(*streams.input)) {
      ReportOpaque(Opaque::Reason::kOtherMachine, source_, "runs on another machine", true);
    }
  } else if (prefix.starts_shell) {
    RunShellInput({}, streams);
  }
}

void Evaluator::RunInner(const Runner& runner, Words inner, const Streams& streams) {
  switch (runner.inner) {
    case Runner::Inner::kNone:
      if (names_.MentionedIn(JoinedText(inner, 0))) {
        ReportOpaque(Opaque::Reason::kUnknownCommand, source_, "which program runs is known only when it does", true);
      }
      break;
    case Runner::Inner::kShellText:
      RunInChildShell(JoinedText(inner, 0), "", {}, streams);
      break;
    case Runner::Inner::kOtherMachine:
      if (names_.MentionedIn(JoinedText(inner, 0)) ||
          (streams.input != nullptr && names_.MentionedIn(*streams.input) && IsShell(BaseName(inner[0].text)))) {
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

}  // namespace safe_docker::shell
