// The part of the evaluator that follows shells: what they are given, read from their input, or find in a script.
#include <algorithm>
#include <array>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestText = 16;
constexpr int kDeepestScript = 4;
constexpr std::size_t kMostNames = 256;
constexpr std::size_t kMostCandidates = 32;

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

// The options of a shell, up to its first operand.
struct Evaluator::ShellCall {
  bool is_command = false;   // -c
  bool from_input = false;   // -s
  bool only_reads = false;   // -n: nothing runs
  bool reads_files = false;  // -i, -l: files in the home folder are run first
  bool understood = true;
  std::string unknown;  // the word that is not, if so
  std::string rc_file;
  std::size_t operands = 0;
};

Evaluator::ShellCall Evaluator::ReadShellCall(const Words& words) {
  ShellCall call;
  std::size_t at = 1;
  for (; at < words.size(); ++at) {
    const std::string_view word = words[at].text;
    if (words[at].may_split) {
      call.understood = false;
      call.unknown = words[at].text;
      return call;
    }
    if (word == "--" || word == "-") {
      ++at;
      break;
    }
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) {
      break;
    }
    if (word.starts_with("--")) {
      const bool names_file = (word == "--rcfile" || word == "--init-file") && at + 1 < words.size();
      call.rc_file = names_file ? words[++at].text : call.rc_file;
      call.reads_files = call.reads_files || word == "--login";
      call.only_reads = call.only_reads || word == "--version" || word == "--help";
      continue;
    }
    const auto has = [word](char letter) { return word[0] == '-' && word.find(letter) != word.npos; };
    const std::size_t values =
        static_cast<std::size_t>(std::count_if(word.begin(), word.end(), [](char c) { return c == 'o' || c == 'O'; }));
    const bool is_noexec = values == 1 && at + 1 < words.size() && words[at + 1].text == "noexec";
    call.is_command = call.is_command || has('c');
    call.from_input = call.from_input || word.find('s') != word.npos;
    call.only_reads = call.only_reads || has('n') || is_noexec;
    call.reads_files = call.reads_files || has('i') || has('l');
    at += values;
  }
  call.operands = std::min(at, words.size());
  return call;
}

// The files that an interactive or a login shell runs first, if this text has written them.
void Evaluator::RunStartFiles(const ShellCall& call, const Streams& streams) {
  constexpr std::array<std::string_view, 8> kFiles = {".bashrc", ".bash_profile", ".bash_login", ".profile",
                                                      ".zshrc",  ".zshenv",       ".zprofile",   ".bash_logout"};
  if (!call.rc_file.empty()) {
    RunScript({call.rc_file, {}, false, span_}, {}, streams, false);
  }
  const ShellVariable home = state_.Get("HOME");
  for (const std::string_view name : kFiles) {
    const std::string path = home.value + "/" + std::string(name);
    if (call.reads_files && home.state == Variable::State::kKnown && files_.IsWritten(path)) {
      RunScript({path, {}, false, span_}, {}, streams, false);
    }
  }
}

void Evaluator::RunShell(const Words& words, const Streams& streams) {
  starts_bash_ = BaseName(words[0].text).starts_with("bash");
  const ShellCall call = ReadShellCall(words);
  const bool renamed = std::exchange(exec_renames_, false);
  if (!call.understood) {
    MayBeScriptThatMentions(AbsolutePath(call.unknown))
        ? ReportOpaque(Opaque::Reason::kComputedCode, source_, "which script runs is not known", true)
        : ReportComputed(call.unknown);
    return;
  }
  if (call.only_reads) {
    return;
  }
  RunStartFiles(call, streams);
  const bool is_command = call.is_command;
  const Words rest(words.begin() + static_cast<std::ptrdiff_t>(call.operands), words.end());
  if (is_command) {
    if (!rest.empty()) {
      const Words arguments(rest.begin() + std::min<std::ptrdiff_t>(2, static_cast<std::ptrdiff_t>(rest.size())),
                            rest.end());
      const std::string name = renamed && rest.size() == 1 ? ""
                               : rest.size() == 1          ? words[0].text
                                                           : (rest[1].may_split ? std::string() : rest[1].text);
      RunInChildShell(rest[0].text, name, arguments, streams);
    }
  } else if (call.from_input || rest.empty() || rest[0].text == "/dev/stdin") {
    RunShellInput(rest, streams);
  } else {
    RunScript(rest[0], Words(rest.begin() + 1, rest.end()), streams, false);
  }
}

void Evaluator::RunShellInput(const Words& arguments, const Streams& streams) {
  ++scripts_run_;
  if (const std::string* input = InputOf(streams); input != nullptr) {
    const std::string text = *input;
    Streams inner = streams;
    inner.input = nullptr;
    inner.file.clear();
    mentions_ += names_.MentionedIn(text) ? 1 : 0;
    RunInChildShell(text, "", arguments, inner);
    if (IsKnown(text)) {
      return;
    }
  } else if (streams.redirected || input_may_be_any_text_) {
    ReportComputed(std::string(1, kUnknownPart));
  }
  RunReadFiles(arguments, streams);
}

// Each text that the program before a shell may have taken from a file which the text has written.
void Evaluator::RunReadFiles(const Words& arguments, const Streams& streams) {
  std::vector<std::string> paths = read_files_;
  streams.file.empty() ? void() : paths.push_back(streams.file);
  Streams inner = streams;
  inner.input = nullptr;
  inner.file.clear();
  ++uncertain_;
  for (std::size_t i = 0; i < paths.size() && script_depth_ < kDeepestScript && files_.changes() > 0; ++i) {
    ++script_depth_;
    for (const std::string& text : files_.ReadAll(paths[i])) {
      if (IsKnown(text) && Spend(kCostOfLookUp)) {
        RunInChildShell(text, "", arguments, inner);
      }
    }
    --script_depth_;
  }
  --uncertain_;
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
  for (auto function = state_.functions.begin(); function != state_.functions.end();) {
    const bool stays = state_.export_all || exported_functions_.find(function->first) != exported_functions_.end();
    function = stays ? std::next(function) : state_.functions.erase(function);
  }
  state_.aliases.clear();
  state_.export_all = false;
  state_.physical = false;
  state_.is_bash = std::exchange(starts_bash_, false);
  state_.script_name = script_name;
  state_.SetArguments(arguments);
  const std::size_t kept = kept_code_.size();
  const std::size_t outer_kept = std::exchange(first_kept_, kept);
  const std::size_t waiting = waiting_processes_.size();
  const Leaving outer_leaving = std::exchange(leaving_, Leaving::kNothing);
  FileFrame frame(&files_);
  RunText(text, streams);
  RunWaitingProcesses(waiting, streams);
  frame.may_not_have_happened = leaving_ != Leaving::kNothing;
  leaving_ = Leaving::kNothing;
  RunKeptCode(kept, streams);
  first_kept_ = outer_kept;
  leaving_ = outer_leaving;
  state_ = std::move(saved);
  succeeded_ = std::nullopt;
}

// What a script may hold. In a folder that is not known it may also be the one where the text began.
std::vector<std::string> Evaluator::TextsOfScript(const std::string& file, std::string_view operand) const {
  std::vector<std::string> texts = files_.ReadAll(file);
  if (!IsKnown(file) && IsKnown(operand) && IsKnown(context_.cwd) && !operand.empty()) {
    std::vector<std::string> more = files_.ReadAll(CleanPath(operand, context_.cwd));
    std::move(more.begin(), more.end(), std::back_inserter(texts));
  }
  return texts;
}

// A shell script: one that is there already, or that the text writes. One that is not there has nothing to tell.
void Evaluator::RunScript(const Word& path, const Words& arguments, const Streams& streams, bool same_shell) {
  ++scripts_run_;
  if (RunDescriptor(path.text, arguments, streams, same_shell)) {
    return;
  }
  const std::string file = AbsolutePath(path.text);
  if (!Spend(2 * kCostOfLookUp)) {
    return;
  }
  if (file.empty() || script_depth_ >= kDeepestScript || text_depth_ >= kDeepestText) {
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "which script runs is not known", names_.MentionedIn(source_));
    return;
  }
  if (!IsKnown(file) && files_.ReadAll(file).empty()) {
    const bool mentions = RefersToMention(source_) || names_.MentionedIn(source_) || MayBeScriptThatMentions(file);
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "which script runs is not known", mentions);
  }
  const std::vector<std::string> texts = TextsOfScript(file, path.text);
  if (texts.empty() && IsKnown(file) && foreign_mention_) {
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "runs a file that is not there yet", true);
  }
  for (const std::string& text : texts) {
    RunScriptText(text, file, path.text, arguments, streams, same_shell);
  }
}

// Whether a script on disk that fits `path`, of which only a part is known, mentions a name.
bool Evaluator::MayBeScriptThatMentions(const std::string& path) {
  const std::size_t slash = path.rfind('/', path.find(kUnknownPart));
  const std::string folder = slash == std::string::npos ? state_.cwd : path.substr(0, slash);
  const std::string pattern = path.substr(slash == std::string::npos ? path.rfind('/') + 1 : slash + 1);
  const std::string& place = IsKnown(folder) && !folder.empty() ? folder : context_.cwd;
  if (WrittenFilesMention()) {
    return true;
  }
  if (!Spend(8 * kCostOfLookUp)) {
    return TextMentions();
  }
  std::size_t read = 0;
  for (const std::string& name : Files::NamesIn(place, kMostNames)) {
    const std::size_t dot = name.rfind('.');
    const bool is_script = dot == std::string::npos || name.ends_with(".sh") || name.ends_with(".bash");
    if (!is_script || !MatchesPattern(pattern, nullptr, name) || ++read > kMostCandidates) {
      continue;
    }
    const std::optional<std::string> text = files_.Read(place + "/" + name);
    const bool affordable = Spend(kCostOfLookUp + (text ? text->size() / 64 : 0));
    if (text && (!affordable || names_.MentionedIn(*text))) {
      return true;
    }
  }
  return false;
}

// In this shell. Arguments stand for its own while the text runs, if there are any.
void Evaluator::RunSourced(const std::string& text, const Words& arguments, const Streams& streams) {
  const std::vector<std::string> outer = state_.arguments;
  const bool outer_known = state_.arguments_known;
  if (!arguments.empty()) {
    state_.SetArguments(arguments);
  }
  const Leaving outer_leaving = leaving_;
  FileFrame frame(&files_);
  RunText(text, streams);
  frame.may_not_have_happened = leaving_ != outer_leaving;
  leaving_ = leaving_ == Leaving::kFunction ? outer_leaving : leaving_;
  succeeded_ = std::nullopt;
  if (!arguments.empty()) {
    state_.arguments = outer;
    state_.arguments_known = outer_known;
  }
}

void Evaluator::RunScriptText(const std::string& text, const std::string& file, const std::string& name,
                              const Words& arguments, const Streams& streams, bool same_shell) {
  if (text == std::string(1, kUnknownPart)) {
    if (file.starts_with("/dev/fd/")) {
      ReportComputed(text);
    } else if (files_.IsWritten(file) || !IsKnown(file)) {
      ReportOpaque(decoder_seen_ ? Opaque::Reason::kHiddenCode : Opaque::Reason::kComputedCode, source_,
                   "runs a file of which only a part is known", TextMentions());
    }
    return;
  }
  ++script_depth_;
  ++uncertain_;
  mentions_ += names_.MentionedIn(text) ? 1 : 0;
  same_shell ? RunSourced(text, arguments, streams) : RunInChildShell(text, name, arguments, streams);
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
    same_shell ? RunSourced(text, arguments, streams) : RunShellInput(arguments, inner);
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
  ++scripts_run_;
  if (script_depth_ >= kDeepestScript || text_depth_ >= kDeepestText) {
    ReportOpaque(Opaque::Reason::kTooMuch, source_, "scripts in scripts, too deep", TextMentions());
    return true;
  }
  if (!Spend(2 * kCostOfLookUp)) {
    return true;
  }
  const Words arguments(words.begin() + 1, words.end());
  bool is_script = false;
  for (const std::string& text : TextsOfScript(path, words[0].text)) {
    const std::string_view interpreter = InterpreterOf(text);
    if (names_.Contains(interpreter)) {
      is_script = true;
      RunText(text.substr(2, text.find('\n') - 2) + " " + Quoted(words[0]), streams);
    } else if (text == std::string(1, kUnknownPart) || interpreter.empty() || IsShell(interpreter)) {
      is_script = is_script || text != std::string(1, kUnknownPart) || files_.IsWritten(path);
      starts_bash_ = interpreter.starts_with("bash");
      RunScriptText(text, path, words[0].text, arguments, streams, false);
    } else {
      is_script = RunForeignScript(text, words, streams) || is_script;
    }
  }
  return is_script;
}

}  // namespace safe_docker::shell
