// The part of the evaluator that follows task runners and programs of other languages: what they hand to a shell is
// walked as if typed.
#include <algorithm>
#include <array>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "foreign/foreign_code.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestForeign = 8;
constexpr std::size_t kCostOfReading = 256;
// Holds what only the program knows, so that a shell takes it for one word or several, and not for code.
constexpr std::string_view kUnknownVariable = "_unknown_";

// `text` with its unknown parts written as a variable, so that they are words of the text and no code. One that stands
// where no variable is expanded stays.
std::string WithUnknownVariable(std::string_view text) {
  if (text.find("<<") != std::string_view::npos) {
    return std::string(text);
  }
  const std::string variable = "${" + std::string(kUnknownVariable) + "}";
  std::string result;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == kUnknownPart) {
      result.append(quote == '\'' ? "'\"" + variable + "\"'" : variable);
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      result.append(text.substr(i++, 2));
    } else {
      quote = quote == '\0' && (c == '\'' || c == '"') ? c : c == quote ? '\0' : quote;
      result.push_back(c);
    }
  }
  return result;
}

std::vector<Word> AsWords(const std::vector<std::string>& texts) {
  std::vector<Word> words;
  for (const std::string& text : texts) {
    words.push_back({text, text, false, {}});
  }
  return words;
}

// The words of a script's first line: its interpreter, without env and its options.
std::vector<std::string> ShebangOf(std::string_view text) {
  std::vector<std::string> words;
  if (!text.starts_with("#!")) {
    return words;
  }
  std::string_view line = text.substr(2, text.find('\n') - 2);
  while (!line.empty()) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    const bool skipped = word.empty() || (words.empty() && (BaseName(word) == "env" || word.starts_with('-') ||
                                                            word.find('=') != std::string_view::npos));
    if (!skipped) {
      words.emplace_back(word);
    }
    line.remove_prefix(word.size());
  }
  return words;
}

}  // namespace

// Whether the command stands there for the first time: walking it again would tell nothing new.
bool Evaluator::IsNewForeign(const Words& words, const Streams& streams) {
  std::string key = state_.cwd + '\n' + std::to_string(files_.changes());
  for (const Word& word : words) {
    key.append("\n").append(word.text).append(word.may_split ? "?" : "!");
  }
  const Environment environment = state_.CommandEnvironment();
  for (const auto& [name, variable] : environment.changes()) {
    key.append("\n").append(name).append("=").append(variable.value);
  }
  const std::string* input = InputOf(streams);
  key.append("\n").append(input != nullptr ? *input : std::string());
  return Spend(kCostOfReading + key.size() / 64) && foreign_seen_.insert(std::move(key)).second;
}

ForeignContext Evaluator::ForeignContextOf(const Streams& streams) {
  const std::string* input = InputOf(streams);
  ForeignContext context;
  context.cwd = state_.cwd;
  context.environment = state_.CommandEnvironment();
  context.files = &files_;
  context.names = &names_;
  context.has_input = input != nullptr;
  context.written_mention = WrittenFilesMention();
  context.may_have_input = streams.redirected || input_may_be_any_text_;
  context.input = context.has_input ? std::string_view(*input) : std::string_view();
  return context;
}

// True if `words` is a task runner's command, or an interpreter's: it has been walked.
bool Evaluator::RunForeign(const Words& words, const Streams& streams) {
  const std::string_view program = BaseName(words[0].text);
  const bool is_interpreter = IsInterpreter(program);
  if (!is_interpreter && !IsTaskRunner(program)) {
    return false;
  }
  if (foreign_depth_ >= kDeepestForeign) {
    ReportOpaque(Opaque::Reason::kTooMuch, source_, "task runners in one another, too deep", false);
    return true;
  }
  if (!IsNewForeign(words, streams)) {
    return true;
  }
  ForeignContext context = ForeignContextOf(streams);
  ForeignCode code;
  if (IsTaskRunner(program)) {
    // In a folder that is not known it may read what stands where the text began.
    context.cwd = IsKnown(state_.cwd) ? state_.cwd : context_.cwd;
    code = ReadTasks(words, context);
    for (FoundCommand& each : code.commands) {
      each.directory = IsKnown(state_.cwd) ? std::move(each.directory) : std::string(1, kUnknownPart);
    }
    context.cwd = state_.cwd;
    if (!IsKnown(state_.cwd) && code.commands.empty() && context.written_mention) {
      code.NotUnderstood("which folder it runs in is not known", true);
    }
  }
  if (is_interpreter) {
    ForeignCode read = ReadProgram(words, context);
    code.commands.insert(code.commands.end(), read.commands.begin(), read.commands.end());
    code.hidden = code.hidden || read.hidden;
    read.understood ? void() : code.NotUnderstood(read.detail, read.mentions_name);
  }
  const bool loads = MayLoadMention(words);
  const bool tells = std::any_of(code.commands.begin(), code.commands.end(),
                                 [this](const FoundCommand& each) { return names_.MentionedIn(each.text); });
  const bool runs = is_interpreter && !tells && MayRunMention(words);
  if (loads || runs) {
    code.NotUnderstood("what it reads mentions a container engine", true);
  }
  RunFound(code, streams);
  if (is_interpreter && code.understood) {
    ReportNameAmong(words, false);
  }
  return true;
}

// Whether a program of which no command was told runs text that may hold a name: of a file, through a pipe, or in
// backquotes.
bool Evaluator::MayRunMention(const Words& words) {
  constexpr std::array<std::string_view, 6> kExecutors = {"system", "popen", "subprocess", "spawn", "exec", "qx"};
  constexpr std::array<std::string_view, 4> kPipes = {"| \"sh", "|\"sh", "| \"bash", "|\"bash"};
  const bool is_perl = BaseName(words[0].text).starts_with("perl");
  bool executes = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    const auto holds = [text](std::string_view part) { return text.find(part) != text.npos; };
    executes = executes || std::any_of(kExecutors.begin(), kExecutors.end(), holds);
    const bool is_module = is_perl && text.starts_with("-M") && holds(";");
    const bool pipes = std::any_of(kPipes.begin(), kPipes.end(), holds) || (is_perl && holds("`")) || is_module;
    if (pipes && names_.StandsIn(text)) {
      return true;
    }
  }
  return executes && NamesFileThatMentions(words);
}

// Whether a file that stands in the words, or in the text of a program among them, mentions a name.
bool Evaluator::NamesFileThatMentions(const Words& words) {
  constexpr std::string_view kEnds = " \t\n'\"()[]{},;<>|=";
  constexpr std::size_t kMostFiles = 32;
  std::size_t files = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    for (std::size_t at = text.find_first_not_of(kEnds); at < text.size() && files < kMostFiles;) {
      const std::size_t end = std::min(text.find_first_of(kEnds, at), text.size());
      const std::string_view token = text.substr(at, end - at);
      const bool may_be_file = token.find_first_of("./") != token.npos && token[0] != '-' && IsKnown(token);
      const std::optional<std::string> content =
          may_be_file && Spend(kCostOfReading) && ++files > 0 ? files_.Read(AbsolutePath(token)) : std::nullopt;
      if (content && names_.MentionedIn(*content)) {
        return true;
      }
      at = text.find_first_not_of(kEnds, end);
    }
  }
  return false;
}

bool Evaluator::SetsShellFlags(const std::string& path) const {
  const std::vector<std::string> texts = files_.ReadAll(path);
  return std::any_of(texts.begin(), texts.end(),
                     [](const std::string& text) { return text.find(".SHELLFLAGS") != std::string::npos; });
}

// Whether the text has written a file that mentions a name, which the program may load by itself: a module, a makefile.
bool Evaluator::MayLoadMention(const Words& words) {
  constexpr std::array<std::string_view, 7> kModules = {".py", ".pl", ".pm", ".rb", ".js", ".mjs", ".lua"};
  const std::string_view program = BaseName(words[0].text);
  const std::vector<std::string> paths = files_.WrittenWith("/");
  if (!Spend(1 + 4 * paths.size())) {
    return TextMentions();
  }
  for (const std::string& path : paths) {
    const bool is_module = IsInterpreter(program) && std::any_of(kModules.begin(), kModules.end(),
                                                                 [&](auto ending) { return path.ends_with(ending); });
    const bool is_makefile =
        program == "make" && (state_.Get("MAKEFILES").state != Variable::State::kUnset || SetsShellFlags(path));
    const bool is_given = std::any_of(words.begin() + 1, words.end(), [&](const Word& word) {
      return !word.text.empty() && AbsolutePath(word.text) == path;
    });
    if ((is_module && !is_given) || is_makefile) {
      const std::vector<std::string> texts = files_.ReadAll(path);
      if (std::any_of(texts.begin(), texts.end(), [this](const auto& text) { return names_.MentionedIn(text); })) {
        return true;
      }
    }
  }
  return false;
}

// A script that is called by its path and that another language's interpreter, or make, runs. False if it is none.
bool Evaluator::RunForeignScript(std::string_view text, const Words& words, const Streams& streams) {
  const std::vector<std::string> shebang = ShebangOf(text);
  const std::string_view program = shebang.empty() ? std::string_view() : BaseName(shebang[0]);
  const Words arguments(words.begin() + 1, words.end());
  if (IsInterpreter(program) && foreign_depth_ < kDeepestForeign) {
    if (IsNewForeign(words, streams)) {
      RunFound(ReadScript(program, text, arguments, ForeignContextOf(streams)), streams);
    }
    return true;
  }
  if (!IsTaskRunner(program)) {
    return false;
  }
  Words call = AsWords(shebang);
  call.push_back(words[0]);
  call.insert(call.end(), arguments.begin(), arguments.end());
  return RunForeign(call, streams);
}

void Evaluator::RunFound(const ForeignCode& code, const Streams& streams) {
  if (!code.understood) {
    const bool mentions = code.mentions_name || (code.reads_written && TextMentions());
    const bool hidden = code.hidden || (code.reads_written && decoder_seen_);
    ReportOpaque(hidden ? Opaque::Reason::kHiddenCode : Opaque::Reason::kInterpreter, source_, code.detail, mentions);
  }
  Streams inner = streams;
  inner.output = nullptr;
  inner.output_file.clear();
  ++foreign_depth_;
  ++uncertain_;
  for (const FoundCommand& command : code.commands) {
    if (!Spend(1 + 2 * state_.size())) {
      break;
    }
    ShellState saved = state_;
    state_.cwd = command.directory.empty() ? state_.cwd : command.directory;
    for (const auto& [name, value] : command.environment) {
      state_.Set(name, KnownOrNot(value));
      state_.Export(name);
    }
    RunFoundCommand(command, inner);
    state_ = std::move(saved);
  }
  --uncertain_;
  --foreign_depth_;
}

void Evaluator::RunFoundCommand(const FoundCommand& command, const Streams& streams) {
  const std::string_view shell = BaseName(command.shell);
  if (!IsShell(shell)) {
    const Words words = AsWords({command.shell, "-c", command.text});
    if (!RunForeign(words, streams)) {
      ReportOpaque(Opaque::Reason::kInterpreter, source_, "what runs the commands is no shell that is known",
                   names_.MentionedIn(command.text) || names_.MentionedIn(command.shell));
    }
    return;
  }
  state_.Set(kUnknownVariable, UnknownVariable());
  state_.Export(kUnknownVariable);
  starts_bash_ = shell.starts_with("bash");
  RunInChildShell(WithUnknownVariable(command.text), "", AsWords(command.arguments), streams);
}

}  // namespace safe_docker::shell
