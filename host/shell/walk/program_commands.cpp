// The part of the evaluator that follows programs with a language of their own: git, tmux, screen, sed, editors.
#include <algorithm>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"
#include "runners/program_languages.hpp"
#include "runners/runner_prefix.hpp"

namespace safe_docker::shell {
namespace {

// The words of one of several commands between ";", a semicolon at the end of a word counts too.
std::vector<std::vector<Word>> SplitAtSemicolons(const std::vector<Word>& words) {
  std::vector<std::vector<Word>> commands(1);
  for (const Word& word : words) {
    const bool ends = word.text.ends_with(';') && !word.text.ends_with("\\;");
    if (word.text != ";") {
      commands.back().push_back(word);
      ends ? commands.back().back().text.pop_back() : void();
    }
    if (ends) {
      commands.emplace_back();
    }
  }
  return commands;
}

std::vector<std::string> TextsFrom(const std::vector<Word>& words, std::size_t from) {
  std::vector<std::string> texts;
  for (std::size_t i = from; i < words.size(); ++i) {
    texts.push_back(words[i].text);
  }
  return texts;
}

}  // namespace

// Text in a language that is not followed further: asks if it seems to call a name.
void Evaluator::ReportForeignText(std::string_view text) {
  const bool searches = text.starts_with('/') || text.starts_with('?');  // less and vi
  if (!searches && names_.CalledIn(text)) {
    ReportOpaque(Opaque::Reason::kInterpreter, source_, "a program that may run one of its arguments", true);
  }
}

void Evaluator::RunSetting(const Runner& runner, const GivenOption& option, const Streams& streams) {
  const std::string_view setting = option.value;
  std::optional<std::string> text;
  if (runner.name.starts_with("git")) {
    const std::size_t equals = std::min(setting.find('='), setting.size());
    const std::string_view value = setting.substr(std::min(equals + 1, setting.size()));
    const std::string from_variable = option.name == "config-env" ? state_.Get(value).value : "";
    text = CommandOfGitSetting(setting.substr(0, equals), option.name == "config-env" ? from_variable : value);
  } else if (runner.name.ends_with("tar")) {
    constexpr std::string_view kExec = "exec=";
    text = setting.starts_with(kExec) ? std::optional<std::string>(setting.substr(kExec.size())) : std::nullopt;
  } else {
    text = CommandOfSshSetting(setting);
  }
  if (text) {
    runner.name.starts_with("git") ? RunTextWithArguments(*text, streams) : RunInChildShell(*text, "", {}, streams);
  }
}

// `words`: git's sub-command and what follows.
void Evaluator::RunGit(const Words& words, const Streams& streams) {
  const std::string_view subcommand = words[0].text;
  if (const std::optional<Runner> row = FindSubcommand("git", subcommand); row) {
    RunRunner(*row, words, streams);
  } else if (subcommand == "config") {
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
      if (const auto text = CommandOfGitSetting(words[i].text, words[i + 1].text); text) {
        RunTextWithArguments(*text, streams);
      }
    }
  }
  constexpr std::string_view kTransport = "ext::";
  for (const Word& word : words) {
    if (word.text.starts_with(kTransport)) {
      RunInChildShell(word.text.substr(kTransport.size()), "", {}, streams);
    }
  }
}

void Evaluator::RunTmux(const Words& words, const Streams& streams) {
  for (const Words& command : SplitAtSemicolons(words)) {
    const std::optional<Runner> row = command.empty() ? std::nullopt : FindSubcommand("tmux", command[0].text, true);
    if (!row) {
      ReportForeignText(JoinedText(command, 0));
    } else if (row->inner == Runner::Inner::kKeys) {
      const Prefix prefix = ReadPrefix(*row, command);
      RunInChildShell(TypedKeys(TextsFrom(command, prefix.understood ? prefix.command : 1)), "", {}, streams);
    } else {
      RunRunner(*row, command, streams);
    }
  }
}

void Evaluator::RunScreen(const Prefix& prefix, const Words& words, const Streams& streams) {
  if (!prefix.Has(OptionRole::kCommandFollows)) {
    RunWords(words, streams, Lookup::kProgram);
    return;
  }
  const Words rest(words.begin() + 1, words.end());
  if (words[0].text == "stuff" || words[0].text == "paste") {
    RunInChildShell(StuffedText(JoinedText(rest, 0)), "", {}, streams);
  } else if (words[0].text == "screen") {
    RunRunner(*FindRunner("screen"), words, streams);
  } else if (!ReportNameAmong(words, false)) {
    ReportForeignText(JoinedText(rest, 0));
  }
}

// `words`: the arguments of bash.
void Evaluator::RunShellOn(const Words& words, const Streams& streams) {
  Words shell = {{"bash", {}, false, words[0].span}};
  shell.insert(shell.end(), words.begin(), words.end());
  RunShell(shell, streams);
}

// start-stop-daemon: the program is an option's value.
void Evaluator::RunStarter(const Prefix& prefix, const Words& arguments, const Streams& streams) {
  state_.cwd.assign(1, kUnknownPart);  // it starts programs in /, or where it is told to
  for (const GivenOption& option : prefix.options) {
    if (option.role == OptionRole::kNoted) {
      Words words = {{std::string(option.value), {}, false, arguments.empty() ? Span() : arguments[0].span}};
      words.insert(words.end(), arguments.begin(), arguments.end());
      RunWords(std::move(words), streams, Lookup::kProgram);
    }
  }
}

void Evaluator::RunSchedule(const Prefix& prefix, const Words& words, const Streams& streams) {
  std::optional<std::string> text;
  if (!prefix.operands.empty() && words[prefix.operands[0]].text != "-") {
    text = files_.Read(AbsolutePath(words[prefix.operands[0]].text));
  } else if (const std::string* input = InputOf(streams); input != nullptr) {
    text = *input;
  } else if (streams.redirected) {
    text = std::string(1, kUnknownPart);
  }
  if (!text) {
    return;  // there is no such file
  }
  if (!IsKnown(*text)) {
    ReportComputed(*text);
  }
  for (const std::string& command : CommandsOfCrontab(*text)) {
    RunInChildShell(command, "", {}, streams);
  }
}

void Evaluator::RunAddresses(const Words& words, const Streams& streams) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    for (const std::string& command : CommandsOfAddress(words[i].text)) {
      RunInChildShell(command, "", {}, streams);
    }
  }
}

// sed's script and editors' "+COMMAND" words, where no option gave them.
void Evaluator::RunOwnLanguage(const Runner& runner, const Prefix& prefix, const Words& words, const Streams& streams) {
  if (runner.inner == Runner::Inner::kSed) {
    const bool has_script = prefix.Has(OptionRole::kOwnLanguage) || prefix.Has(OptionRole::kNoted);
    if (!has_script && !prefix.operands.empty()) {
      RunSedScript(words[prefix.operands[0]].text, streams);
    }
    return;
  }
  for (const std::size_t place : prefix.operands) {
    const std::string_view word = words[place].text;
    word.starts_with('+') ? RunEditorCommand(word.substr(1), streams) : void();
  }
  const bool reads_commands = runner.name == "ed" || runner.name == "ex";
  const std::string* known = reads_commands ? InputOf(streams) : nullptr;
  const std::string input = known != nullptr ? *known : std::string();
  for (std::size_t at = 0; at < input.size();) {
    const std::size_t end = std::min(input.find('\n', at), input.size());
    RunEditorCommand(std::string_view(input).substr(at, end - at), streams);
    at = end + 1;
  }
}

void Evaluator::RunEditorCommand(std::string_view command, const Streams& streams) {
  if (const std::optional<std::string> text = ShellTextOfEditor(command); text) {
    RunInChildShell(*text, "", {}, streams);
  } else {
    ReportForeignText(command);
  }
}

void Evaluator::RunSedScript(std::string_view script, const Streams& streams) {
  if (!Spend(script.size() / 16)) {
    return;
  }
  const SedCommands commands = CommandsOfSed(script);
  for (const std::string& text : commands.texts) {
    RunInChildShell(text, "", {}, streams);
  }
  if (commands.runs_data && names_.StandsIn(script)) {
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "sed runs what it makes of its input", true);
  } else if (commands.runs_data) {
    ReportComputed(std::string(1, kUnknownPart));
  }
}

}  // namespace safe_docker::shell
