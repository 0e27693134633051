// The part of the evaluator that follows shells: what they are given, read from their input, or find in a script.
#include <algorithm>

#include "evaluator.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestText = 16;
constexpr int kDeepestScript = 3;
constexpr std::uint64_t kMostScript = 256 * 1024;

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
  const bool from_file = !streams.file.empty() && (streams.input == nullptr || !IsKnown(*streams.input));
  if (from_file && RunInputFile(streams, arguments)) {
    return;
  }
  if (streams.input != nullptr) {
    const std::string text = *streams.input;
    Streams inner = streams;
    inner.input = nullptr;
    RunInChildShell(text, "", arguments, inner);
  } else if (streams.redirected || input_may_be_any_text_) {
    ReportComputed(std::string(1, kUnknownPart));
  }
}

// False if the file that the input comes from is none that can be read.
bool Evaluator::RunInputFile(const Streams& streams, const Words& arguments) {
  const std::string path = streams.file;
  if (ReportWrittenScript(path)) {
    return true;
  }
  const FileContent content = ReadRegularFile(path, kMostScript);
  if (content.status != FileContent::Status::kRead || content.text.find('\0') != std::string::npos ||
      script_depth_ >= kDeepestScript) {
    return false;
  }
  Streams inner = streams;
  inner.file.clear();
  ++script_depth_;
  RunInChildShell(content.text, "", arguments, inner);
  --script_depth_;
  return true;
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

// A shell script that is there already. One that is not has nothing to tell.
void Evaluator::RunScript(const Word& path, const Words& arguments, const Streams& streams, bool same_shell) {
  const bool in_proc = path.text.starts_with("/proc/") && path.text.find("/fd/") != std::string::npos;
  if (in_proc || path.text.starts_with("/dev/fd/") || path.text == "/dev/stdin") {
    const bool is_input = path.text == "/dev/stdin" || path.text.ends_with("/fd/0");
    if (is_input && (streams.input != nullptr || !streams.file.empty())) {
      same_shell&& streams.input != nullptr ? RunText(*streams.input, streams) : RunShellInput(arguments, streams);
      return;
    }
    const bool outer = std::exchange(input_may_be_any_text_, input_may_be_any_text_ || IsKnown(path.text));
    ReportComputed(path.text);
    input_may_be_any_text_ = outer;
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

}  // namespace safe_docker::shell
