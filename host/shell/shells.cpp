// The part of the evaluator that follows shells: what they are given, read from their input, or find in a script.
#include <algorithm>

#include "evaluator.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestText = 16;
constexpr int kDeepestScript = 4;

// The program that the first line of a script names, without its folder; empty if it names none, which makes it a
// shell's.
std::string_view InterpreterOf(std::string_view text) {
  if (!text.starts_with("#!")) {
    return {};
  }
  std::string_view line = text.substr(2, std::min(text.find('\n'), text.size()) - 2);
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    const std::string_view word = line.substr(0, std::min(line.find_first_of(" \t\r"), line.size()));
    const std::string_view name = BaseName(word);
    const bool skips = name == "env" || word.starts_with('-') || word.find('=') != word.npos;
    if (!skips || word.empty()) {
      return word.empty() ? std::string_view("sh") : name;
    }
    line.remove_prefix(word.size());
  }
}

}  // namespace

void Evaluator::RunShell(const Words& words, const Streams& streams) {
  starts_bash_ = BaseName(words[0].text).starts_with("bash");
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
  if (const std::string* input = InputOf(streams); input != nullptr) {
    const std::string text = *input;
    Streams inner = streams;
    inner.input = nullptr;
    inner.file.clear();
    mentions_ += names_.MentionedIn(text) ? 1 : 0;
    RunInChildShell(text, "", arguments, inner);
  } else if (streams.redirected || input_may_be_any_text_) {
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
  state_.export_all = false;
  state_.physical = false;
  state_.is_bash = std::exchange(starts_bash_, false);
  state_.script_name = script_name;
  state_.arguments.clear();
  state_.arguments_known = std::none_of(arguments.begin(), arguments.end(), [](const Word& w) { return w.may_split; });
  for (const Word& argument : arguments) {
    state_.arguments.push_back(argument.text);
  }
  RunText(text, streams);
  state_ = std::move(saved);
}

// A shell script: one that is there already, or that the text writes. One that is not there has nothing to tell.
void Evaluator::RunScript(const Word& path, const Words& arguments, const Streams& streams, bool same_shell) {
  if (RunDescriptor(path.text, arguments, streams, same_shell)) {
    return;
  }
  const std::string file = AbsolutePath(path.text);
  if (file.empty() || script_depth_ >= kDeepestScript || text_depth_ >= kDeepestText) {
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "which script runs is not known", names_.MentionedIn(source_));
    return;
  }
  const std::vector<std::string> texts = files_.ReadAll(file);
  if (texts.empty() && !IsKnown(file)) {
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "which script runs is not known", RefersToMention(source_));
  }
  for (const std::string& text : texts) {
    RunScriptText(text, file, path.text, arguments, streams, same_shell);
  }
}

void Evaluator::RunScriptText(const std::string& text, const std::string& file, const std::string& name,
                              const Words& arguments, const Streams& streams, bool same_shell) {
  if (text == std::string(1, kUnknownPart)) {
    if (file.starts_with("/dev/fd/")) {
      ReportComputed(text);
    } else if (files_.IsWritten(file) || !IsKnown(file)) {
      ReportOpaque(decoder_seen_ ? Opaque::Reason::kHiddenCode : Opaque::Reason::kComputedCode, source_,
                   "runs a file of which only a part is known", names_.MentionedIn(text_));
    }
    return;
  }
  ++script_depth_;
  ++uncertain_;
  mentions_ += names_.MentionedIn(text) ? 1 : 0;
  same_shell ? RunText(text, streams) : RunInChildShell(text, name, arguments, streams);
  --uncertain_;
  --script_depth_;
}

// /dev/stdin, /dev/fd/3 and the like: an open descriptor. False if `path` is none.
bool Evaluator::RunDescriptor(const std::string& path, const Words& arguments, const Streams& streams,
                              bool same_shell) {
  const bool in_proc = path.starts_with("/proc/") && path.find("/fd/") != std::string::npos;
  if ((!in_proc && !path.starts_with("/dev/fd/") && path != "/dev/stdin") || files_.IsWritten(path)) {
    return false;
  }
  Streams inner = streams;
  const std::string_view number = std::string_view(path).substr(path.rfind('/') + 1);
  if (path != "/dev/stdin" && number != "0") {
    const auto found = std::find_if(descriptors_.begin(), descriptors_.end(),
                                    [number](const auto& each) { return std::to_string(each.first) == number; });
    inner.input = found == descriptors_.end() ? nullptr : found->second.input;
    inner.file = found == descriptors_.end() ? std::string() : found->second.file;
    inner.redirected = inner.input != nullptr || !inner.file.empty();
  }
  if (const std::string* input = InputOf(inner); input != nullptr) {
    const std::string text = *input;
    same_shell ? RunText(text, streams) : RunShellInput(arguments, inner);
    return true;
  }
  const bool outer = std::exchange(input_may_be_any_text_, input_may_be_any_text_ || IsKnown(path));
  ReportComputed(path);
  input_may_be_any_text_ = outer;
  return true;
}

// A file that the text has written, called by a name without a folder: it may be found in PATH.
bool Evaluator::RunWrittenProgram(const Words& words, const Streams& streams) {
  const bool has_folder = words[0].text.find('/') != std::string::npos;
  const std::string path = has_folder || files_.changes() == 0 ? std::string() : files_.WrittenAs(words[0].text);
  return !path.empty() && !IsShell(words[0].text) && RunExecutable(path, words, streams);
}

// A file that is called as a program. False if it is neither a script nor written by the text.
bool Evaluator::RunExecutable(const std::string& path, const Words& words, const Streams& streams) {
  if (script_depth_ >= kDeepestScript || text_depth_ >= kDeepestText) {
    ReportOpaque(Opaque::Reason::kTooMuch, source_, "scripts in scripts, too deep", names_.MentionedIn(text_));
    return true;
  }
  const Words arguments(words.begin() + 1, words.end());
  bool is_script = false;
  for (const std::string& text : files_.ReadAll(path)) {
    const std::string_view interpreter = InterpreterOf(text);
    if (text == std::string(1, kUnknownPart) || interpreter.empty() || IsShell(interpreter)) {
      is_script = is_script || text != std::string(1, kUnknownPart) || files_.IsWritten(path);
      starts_bash_ = interpreter.starts_with("bash");
      RunScriptText(text, path, words[0].text, arguments, streams, false);
    }
  }
  return is_script;
}

}  // namespace safe_docker::shell
