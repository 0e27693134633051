// The part of the evaluator that follows programs that run other programs: what a row of their table says.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"
#include "runners/runner_prefix.hpp"
#include "runners/variable_commands.hpp"

namespace safe_docker::shell {
namespace {

using Inner = Runner::Inner;

constexpr int kMostRunners = 24;  // sudo env nice ...

// Programs whose words are data unless the row says otherwise.
bool TakesData(const Runner& runner) {
  return runner.Has(Runner::kOptionsAnywhere) || runner.inner == Inner::kNothing ||
         runner.inner == Inner::kSubcommand || runner.inner == Inner::kGit;
}

// Whether the list of names in `value`, divided by commas, holds `name`.
bool ListHas(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (list.substr(0, end) == name) {
      return true;
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// `words` with what the text of env -S becomes in its place.
std::optional<std::vector<Word>> WithSplitString(const std::vector<Word>& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    const std::size_t letter = text.starts_with("--") ? text.npos : text.find('S');
    const bool is_long =
        text.size() > 3 && std::string_view("--split-string").starts_with(text.substr(0, text.find('=')));
    if (!text.starts_with('-') || (!is_long && letter == text.npos)) {
      continue;
    }
    const std::size_t value_at = is_long ? std::min(text.find('='), text.size() - 1) + 1 : letter + 1;
    const bool in_next = value_at == text.size() && !text.ends_with('=');
    if (in_next && i + 1 == words.size()) {
      return std::nullopt;
    }
    const std::string value(in_next ? std::string_view(words[i + 1].text) : text.substr(value_at));
    std::optional<std::vector<Word>> inner = SplitLikeEnv(value, words[i]);
    if (!inner) {
      return std::nullopt;
    }
    std::vector<Word> result(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i));
    if (!is_long && letter > 1) {
      result.push_back(words[i]);
      result.back().text.resize(letter);
    }
    result.insert(result.end(), inner->begin(), inner->end());
    result.insert(result.end(), words.begin() + static_cast<std::ptrdiff_t>(i + (in_next ? 2 : 1)), words.end());
    return result;
  }
  return std::nullopt;
}

}  // namespace

// A command behind these runs if they do; others may refuse, or end it.
constexpr std::array<std::string_view, 9> kSureRunners = {"env",   "command", "builtin", "time", "nice",
                                                          "nohup", "ionice",  "stdbuf",  "exec"};
// A command behind these runs beside what follows.
constexpr std::array<std::string_view, 9> kLaterRunners = {
    "setsid", "at", "batch", "tmux", "screen", "crontab", "systemd-run", "daemonize", "start-stop-daemon"};

void Evaluator::RunRunner(const Runner& runner, const Words& words, const Streams& streams) {
  exec_renames_ = runner.name == "exec" && words.size() > 1 && words[1].text.starts_with("-") &&
                  words[1].text.find('a') != std::string::npos;
  if (runner_depth_ >= kMostRunners || !Spend(words.size() + 2 * state_.size())) {
    NoteTooMuch();
    return;
  }
  ++runner_depth_;
  const std::string_view outer_source = source_;
  const bool is_sure = std::find(kSureRunners.begin(), kSureRunners.end(), runner.name) != kSureRunners.end();
  const bool is_later = std::find(kLaterRunners.begin(), kLaterRunners.end(), runner.name) != kLaterRunners.end();
  const std::size_t begin = analysis_.commands.size();
  const std::size_t changes = files_.changes();
  if (runner.inner == Inner::kFind) {
    RunFind(words, streams);
  } else if (runner.inner == Inner::kAddresses) {
    RunAddresses(words, streams);
  } else {
    RunWithPrefix(runner, ReadPrefix(runner, words), words, streams);
  }
  source_ = outer_source;
  --runner_depth_;
  may_have_failed_ = may_have_failed_ || (!is_sure && files_.changes() != changes);
  if (is_later) {
    EndAside({.first = begin, .from = begin, .changes = changes}, changes);
  }
}

void Evaluator::RunWithPrefix(const Runner& runner, const Prefix& prefix, const Words& words, const Streams& streams) {
  for (const auto& [name, value] : prefix.assignments) {
    NoteAssigned(name);
    RunVariable(name, value, streams);
  }
  if (!prefix.understood) {
    const ShellState before = state_;
    ApplyEffects(runner, prefix);
    const bool found = ReportNameAmong(words, !TakesData(runner));
    state_ = before;
    const auto unknown = std::find_if(words.begin() + 1, words.end(), [](const Word& word) { return word.may_split; });
    if (!found && unknown != words.end()) {
      RunUnknownCommand(Words(unknown, words.end()));
    } else if (!found && names_.MentionedIn(source_)) {
      ReportOpaque(Opaque::Reason::kUnknownCommand, source_, "which program runs is known only when it does", true);
    }
    return;
  }
  if (prefix.Has(OptionRole::kRunsNothing)) {
    return;
  }
  if (runner.name == "env" && prefix.Has(OptionRole::kNoted)) {
    RunSplitString(runner, words, streams);
    return;
  }
  Words inner(words.begin() + static_cast<std::ptrdiff_t>(prefix.command), words.end());
  for (std::size_t i = 0; i < prefix.operands.size() && runner.inner == Inner::kShellTexts; ++i) {
    inner.push_back(words[prefix.operands[i]]);
  }
  if (runner.Has(Runner::kInShell)) {
    RunWords(inner, streams, Lookup::kBuiltin);
    return;
  }
  ShellState saved = state_;
  ApplyEffects(runner, prefix);
  const bool had_text = RunOptions(runner, prefix, words, streams);
  if (inner.empty()) {
    RunWithoutCommand(runner, prefix, words, had_text, streams);
  } else {
    RunInner(runner, prefix, inner, streams);
    if (!TakesData(runner)) {
      ReportOperands(prefix, words);
    }
  }
  state_ = std::move(saved);
}

// env -S TEXT: the words of the text stand in its place, and may be options again.
void Evaluator::RunSplitString(const Runner& runner, const Words& words, const Streams& streams) {
  const std::optional<Words> split = WithSplitString(words);
  if (split) {
    RunRunner(runner, *split, streams);
  } else if (!ReportNameAmong(words, true) && names_.MentionedIn(source_)) {
    ReportOpaque(Opaque::Reason::kUnknownCommand, source_, "which program runs is known only when it does", true);
  }
}

// What the command keeps of the variables, and where it runs.
void Evaluator::ApplyEffects(const Runner& runner, const Prefix& prefix) {
  const bool other_home = runner.Has(Runner::kOtherHome);
  const bool login = prefix.Has(OptionRole::kLogin);
  const GivenOption* keeps = prefix.Find(OptionRole::kKeepsEnvironment);
  const bool keeps_all = keeps != nullptr && keeps->value.empty();
  const bool clears = prefix.Has(OptionRole::kClearsEnvironment) || (other_home && login) ||
                      (runner.Has(Runner::kDropsVariables) && !keeps_all);
  for (auto name = assigned_.begin(); clears && name != assigned_.end(); ++name) {
    const bool kept = keeps != nullptr && ListHas(keeps->value, *name);
    if (!kept && state_.Get(*name).exported) {
      state_.Set(*name, UnknownVariable());
    }
  }
  if (other_home || prefix.Has(OptionRole::kClearsEnvironment)) {
    state_.Set("HOME", UnknownVariable());
    state_.Export("HOME");
  }
  if (const GivenOption* directory = prefix.Find(OptionRole::kDirectory); directory != nullptr) {
    ChangeDirectory({{"cd", {}, false, {}}, {"--", {}, false, {}}, {std::string(directory->value), {}, false, {}}});
    attempted_directory_.clear();
  }
  if (runner.Has(Runner::kOtherDirectory) || prefix.Has(OptionRole::kOtherRoot) || (other_home && login)) {
    state_.cwd.assign(1, kUnknownPart);
  }
  for (const GivenOption& option : prefix.options) {
    if (option.role == OptionRole::kUnset) {
      NoteAssigned(option.value);
      IsKnown(option.value) ? state_.Unset(option.value) : void();
    }
  }
  for (const auto& [name, value] : prefix.assignments) {
    state_.Set(name, KnownOrNot(value));
    state_.Export(name);
  }
}

// The options that bring a command themselves. True if there was one.
bool Evaluator::RunOptions(const Runner& runner, const Prefix& prefix, const Words& words, const Streams& streams) {
  bool had_text = false;
  // `su USER -c TEXT NAME ARGUMENT...`: the shell gets what stands behind the user.
  Words arguments;
  for (std::size_t i = 1; i < prefix.operands.size() && runner.inner == Inner::kUserShell; ++i) {
    arguments.push_back(words[prefix.operands[i]]);
  }
  const std::string name = arguments.empty() || arguments[0].may_split ? "" : arguments[0].text;
  for (const GivenOption& option : prefix.options) {
    const Word value{std::string(option.value), {}, false, words[0].span};
    switch (option.role) {
      case OptionRole::kShellText:
        RunInChildShell(value.text, name, arguments.empty() ? arguments : Words(arguments.begin() + 1, arguments.end()),
                        streams);
        break;
      case OptionRole::kTextWithArguments:
        RunTextWithArguments(value.text, streams);
        break;
      case OptionRole::kCommandWords:
        RunCommandWords(value, streams);
        break;
      case OptionRole::kScriptFile:
        RunScript(value, {}, streams, false);
        break;
      case OptionRole::kSetting:
        RunSetting(runner, option, streams);
        break;
      case OptionRole::kOwnLanguage:
        runner.inner == Inner::kSed ? RunSedScript(value.text, streams) : RunEditorCommand(value.text, streams);
        break;
      default:
        continue;
    }
    had_text = true;
  }
  return had_text;
}

// A program that is named with its arguments in one text, to which others are added.
void Evaluator::RunCommandWords(const Word& text, const Streams& streams) {
  std::optional<Words> words = SplitLikeEnv(text.text, text);
  if (!words) {
    RunInChildShell(text.text, "", {}, streams);
  } else if (!words->empty()) {
    if (names_.MentionedIn(text.text)) {
      words->push_back(UnknownWords());
    }
    RunWords(std::move(*words), streams, Lookup::kProgram);
  }
}

// What nobody knows of the arguments that a program adds.
Word Evaluator::UnknownWords() const { return {std::string(1, kUnknownPart), "", true, span_}; }

// Text for sh that a program adds arguments to, as git does.
void Evaluator::RunTextWithArguments(const std::string& text, const Streams& streams) {
  RunInChildShell(text + " \"$@\"", "", {UnknownWords()}, streams);
}

// A runner that was given no command: many start a shell, which reads what they read.
void Evaluator::RunWithoutCommand(const Runner& runner, const Prefix& prefix, const Words& words, bool had_text,
                                  const Streams& streams) {
  const bool starts_shell = runner.Has(Runner::kShellIfNone) || prefix.Has(OptionRole::kStartsShell) ||
                            (runner.Has(Runner::kOtherHome) && prefix.Has(OptionRole::kLogin));
  switch (runner.inner) {
    case Inner::kOtherMachine:
      ReportElsewhere({}, streams);
      break;
    case Inner::kShellInput:
      prefix.Has(OptionRole::kScriptFile) ? void() : RunShellInput({}, streams);
      break;
    case Inner::kSchedule:
      RunSchedule(prefix, words, streams);
      break;
    case Inner::kUserShell:
      if (prefix.operands.size() > 1 && !had_text) {
        RunShellOn(Words(words.begin() + static_cast<std::ptrdiff_t>(prefix.operands[1]), words.end()), streams);
      } else if (!had_text) {
        RunShellInput({}, streams);
      }
      break;
    case Inner::kSed:
    case Inner::kEditor:
      RunOwnLanguage(runner, prefix, words, streams);
      break;
    case Inner::kParallel:
      RunParallel(prefix, {}, streams);
      break;
    default:
      if (starts_shell && !had_text) {
        RunShellInput({}, streams);
      }
  }
}

// npx and its like are given a package: of NAME@VERSION the program is NAME, of @SCOPE/NAME what the table says.
std::string_view Evaluator::ProgramOfPackage(std::string_view package) const {
  constexpr std::pair<std::string_view, std::string_view> kPrograms[] = {{"@devcontainers/cli", "devcontainer"}};
  const std::size_t at = package.find('@', 1);
  const std::string_view name = package.substr(0, at);
  for (const auto& [scoped, program] : kPrograms) {
    if (name == scoped) {
      return program;
    }
  }
  return at != std::string_view::npos && names_.Contains(name) ? name : std::string_view{};
}

void Evaluator::RunInner(const Runner& runner, const Prefix& prefix, const Words& words, const Streams& streams) {
  Words renamed;
  if (!words.empty() && words[0].text.find('@') != std::string::npos && runner.inner != Inner::kOtherMachine) {
    if (const std::string_view program = ProgramOfPackage(words[0].text); !program.empty()) {
      renamed = words;
      renamed[0].text = program;
    }
  }
  const Words& inner = renamed.empty() ? words : renamed;
  switch (runner.inner) {
    case Inner::kShellText:
      RunInChildShell(JoinedText(inner, 0), "", {}, streams);
      break;
    case Inner::kShellTexts:
      for (std::size_t i = 0; i < inner.size(); ++i) {
        RunInChildShell(inner[i].text, "", {}, streams);
      }
      break;
    case Inner::kTextOrWords:
      inner.size() == 1 ? RunInChildShell(inner[0].text, "", {}, streams) : RunWords(inner, streams, Lookup::kProgram);
      break;
    case Inner::kOtherMachine:
      ReportElsewhere(inner, streams);
      break;
    case Inner::kXargs:
      RunXargs(prefix, inner, streams);
      break;
    case Inner::kParallel:
      RunParallel(prefix, inner, streams);
      break;
    case Inner::kSubcommand:
      if (const std::optional<Runner> row = FindSubcommand(runner.name, inner[0].text); row) {
        RunRunner(*row, inner, streams);
      } else if (runner.Has(Runner::kGenericElse) && !IsKnownNonExecutor(runner.name)) {
        ReportNameAmong(inner, false);
      }
      break;
    case Inner::kGit:
      RunGit(inner, streams);
      break;
    case Inner::kTmux:
      RunTmux(inner, streams);
      break;
    case Inner::kScreen:
      RunScreen(prefix, inner, streams);
      break;
    case Inner::kShell:
      RunShellOn(inner, streams);
      break;
    case Inner::kStarter:
      RunStarter(prefix, inner, streams);
      break;
    default:
      RunWords(inner, streams, Lookup::kProgram);
  }
}

// A command, or the text for a shell, that runs on another machine.
void Evaluator::ReportElsewhere(const Words& command, const Streams& streams) {
  const std::string* input = command.empty() || IsShell(BaseName(command[0].text)) ? InputOf(streams) : nullptr;
  if (names_.MentionedIn(JoinedText(command, 0)) || (input != nullptr && names_.MentionedIn(*input))) {
    ReportOpaque(Opaque::Reason::kOtherMachine, source_, "runs on another machine", true);
  }
}

// Words that should stand before the command, but read like one: what a program's other version takes may differ.
void Evaluator::ReportOperands(const Prefix& prefix, const Words& words) {
  for (const std::size_t place : prefix.operands) {
    const bool is_call = names_.Contains(BaseName(words[place].text)) && place + 1 < words.size() &&
                         LooksLikeSubcommand(words[place + 1].text);
    if (is_call && ReportNameAmong(words, false)) {
      return;
    }
  }
}

// A variable that names what other programs run was given `value`.
void Evaluator::RunVariable(std::string_view name, std::string_view whole, const Streams& streams) {
  const VariableCommand* variable = FindVariableCommand(name);
  const std::string value(whole.substr(std::min(whole.find_first_not_of("|-! "), whole.size())));  // LESSOPEN='|-cmd'
  if (variable == nullptr || value.empty()) {
    return;
  }
  const Word word{value, {}, false, span_};
  switch (variable->kind) {
    case VariableCommand::Kind::kShellText:
      names_.MentionedIn(value) ? RunTextWithArguments(value, streams) : void();
      break;
    case VariableCommand::Kind::kCommandWords:
      names_.MentionedIn(value) ? RunCommandWords(word, streams) : void();
      break;
    case VariableCommand::Kind::kFile:
      RunScript(word, {}, streams, false);
      break;
    case VariableCommand::Kind::kExpanded:
      names_.MentionedIn(value) ? RunInChildShell(": \"" + value + "\"", "", {}, streams) : void();
      break;
    case VariableCommand::Kind::kMayHoldOne:
      ReportForeignText(value);
      break;
  }
}

}  // namespace safe_docker::shell
