// The part of the evaluator that follows code which the text keeps for later: functions, sourced files, traps.
#include <algorithm>
#include <array>
#include <string>

#include "evaluator.hpp"
#include "joined_words.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestCall = 12;
constexpr std::ptrdiff_t kMostRecursions = 3;
constexpr std::size_t kMostKeptCode = 64;
constexpr std::string_view kUnknownCommandHandler = "command_not_found_handle";

std::size_t SkipOptions(const std::vector<Word>& words) {
  std::size_t at = 1;
  while (at < words.size() && words[at].text.size() > 1 && words[at].text[0] == '-') {
    if (words[at++].text == "--") {
      break;
    }
  }
  return at;
}

}  // namespace

// A trap's text runs at a time that nobody knows: it is walked at the end. What it finds then is what it finds on EXIT,
// unless the shell may end before.
void Evaluator::SetTrap(const Words& words) {
  const std::size_t at = SkipOptions(words);
  if (at + 1 < words.size() && words[at].text != "-" && !words[at].text.empty()) {
    const bool at_exit = at + 2 == words.size() && (words[at + 1].text == "EXIT" || words[at + 1].text == "0");
    Keep(words[at].text, at_exit && call_depth_ == 0);
  }
}

// `text` is code that runs later. `at_end`: that is when all the rest has run.
void Evaluator::Keep(std::string text, bool at_end) {
  const KeptCode code{std::move(text), source_, span_, pipeline_, at_end && runner_depth_ == 0};
  const auto begin = kept_code_.begin() + static_cast<std::ptrdiff_t>(std::min(first_kept_, kept_code_.size()));
  const bool known =
      std::any_of(begin, kept_code_.end(), [&code](const KeptCode& each) { return each.text == code.text; });
  if (!known && kept_code_.size() < kMostKeptCode) {
    kept_code_.push_back(code);
  } else if (!known) {
    NoteTooMuch();
  }
}

// Runs what was kept since `first`, as a shell does that comes to its end. What it prints goes to `streams`.
void Evaluator::RunKeptCode(std::size_t first, const Streams& streams) {
  const bool handles_unknown = state_.functions.find(kUnknownCommandHandler) != state_.functions.end();
  if (handles_unknown) {
    Keep(std::string(kUnknownCommandHandler) + " \"$@\"", false);
  } else if (kept_code_.size() <= first) {
    return;
  }
  const ShellState at_end = state_;
  const std::size_t begin = analysis_.commands.size();
  const std::size_t changes = files_.changes();
  const bool only_at_end = std::all_of(kept_code_.begin() + static_cast<std::ptrdiff_t>(first), kept_code_.end(),
                                       [](const KeptCode& code) { return code.at_end; });
  const bool in_order = only_at_end && !may_end_early_ && !handles_unknown;
  ++uncertain_;
  for (std::size_t i = first; i < kept_code_.size() && Spend(4 * at_end.size()); ++i) {
    const KeptCode code = kept_code_[i];
    source_ = code.source;
    span_ = code.span;
    pipeline_ = code.pipeline;
    state_ = at_end;
    const std::string output = RunKept(code, streams);
    const bool at_exit = code.at_end && !may_end_early_;
    const bool prints_last = at_exit && kept_code_.size() == first + 1;
    prints_last && !output.empty() ? void(streams.output->append(output)) : PrintInAnyOrder(output, streams);
    if (!at_exit) {
      state_ = at_end;
      ForgetAssigned();
      PrintInAnyOrder(RunKept(code, streams), streams);
    }
    if (!handles_unknown && state_.functions.find(kUnknownCommandHandler) != state_.functions.end()) {
      ForgetAssigned();
      RunText(std::string(kUnknownCommandHandler) + " \"$@\"", {});  // which the code has defined
    }
  }
  kept_code_.resize(std::min(first, kept_code_.size()));
  --uncertain_;
  // At any time, but for what runs when the shell ends.
  EndAside({.first = begin, .from = in_order ? begin : 0, .changes = in_order ? changes : 0}, changes);
}

// Gives what it prints, if somebody reads that.
std::string Evaluator::RunKept(const KeptCode& code, const Streams& streams) {
  std::string output;
  Streams inner;
  inner.output = streams.output == nullptr ? nullptr : &output;
  RunText(code.text, inner);
  return output;
}

// Of code that runs at a time which is not known: neither is what the variables are then.
void Evaluator::ForgetAssigned() {
  for (const std::string& name : assigned_) {
    state_.Set(name, UnknownVariable());
  }
  if (cwd_changed_) {
    state_.cwd.assign(1, kUnknownPart);
  }
}

// Variables whose value bash takes for code.
void Evaluator::NoteCode(std::string_view name, const ShellVariable& value) {
  if (name.starts_with("BASH_FUNC_")) {  // how bash hands functions to its children
    Keep("f " + value.value + "\nf", false);
    return;
  }
  constexpr std::array<std::string_view, 6> kTexts = {"PROMPT_COMMAND", "PS0", "PS1", "PS2", "PS4", "LESSOPEN"};
  constexpr std::array<std::string_view, 2> kFiles = {"BASH_ENV", "ENV"};
  if (std::find(kFiles.begin(), kFiles.end(), name) != kFiles.end()) {
    const bool expands = value.value.find_first_of("$`") != std::string::npos;
    const std::string path = expands ? std::string() : AbsolutePath(value.value);
    Keep(". " + (expands ? "\"" + value.value + "\"" : Quoted({path, {}, false, {}})), false);
    return;
  }
  if (std::find(kTexts.begin(), kTexts.end(), name) == kTexts.end()) {
    RunVariable(name, value.value, {});
    return;
  }
  const bool is_prompt = name.starts_with("PS");
  std::vector<std::string> texts = {value.value};
  for (const ArrayElement& element : value.elements) {
    texts.push_back(element.value);
  }
  for (const std::string& text : texts) {
    // A prompt is expanded as if it stood in double quotes.
    const bool expands = !is_prompt || text.find_first_of("$`") != std::string::npos;
    if (!text.empty() && expands) {
      Keep(is_prompt ? ": \"" + text + "\"" : text, false);
    }
  }
}

// export -f, declare -fx: shells that are started know these functions, too.
void Evaluator::NoteExportedFunctions(const Words& words) {
  const std::string_view name = words[0].text;
  if (name != "export" && name != "declare" && name != "typeset") {
    return;
  }
  const auto has = [&words](char letter) {
    return std::any_of(words.begin() + 1, words.end(), [letter](const Word& word) {
      return word.text.starts_with('-') && word.text.find(letter) != std::string::npos;
    });
  };
  if (!has('f') || (name != "export" && !has('x'))) {
    return;
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    exported_functions_.insert(words[i].text);
  }
}

void Evaluator::RunSource(const Words& words, const Streams& streams) {
  if (words.size() < 2) {
    return;
  }
  const Words arguments(words.begin() + 2, words.end());
  Word script = words[1];
  const ShellVariable path = state_.Get("PATH");
  const bool searches = script.text.find('/') == std::string::npos && path.state == Variable::State::kKnown;
  for (std::string_view rest = searches ? std::string_view(path.value) : std::string_view(); !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    const std::string candidate = std::string(folder.empty() ? "." : folder) + "/" + script.text;
    if (Spend(1) && files_.Read(AbsolutePath(candidate))) {
      script.text = candidate;
      break;
    }
  }
  RunScript(script, arguments, streams, true);
}

// Each body that the name may have is walked from the same state.
void Evaluator::CallFunction(const std::vector<const Command*>& bodies, const Words& words, const Streams& streams) {
  if (call_depth_ >= kDeepestCall) {
    const bool mentions = std::any_of(bodies.begin(), bodies.end(), [this](const Command* body) {
      return body != nullptr && names_.MentionedIn(body->written);
    });
    ReportOpaque(Opaque::Reason::kTooMuch, source_, "functions call each other too deeply", mentions);
    return;
  }
  ++call_depth_;
  const std::vector<std::string> arguments = state_.arguments;
  const bool arguments_known = state_.arguments_known;
  std::optional<ShellState> joined;
  for (const Command* body : bodies) {
    if (body == nullptr || !Spend(3 * state_.size())) {
      continue;
    }
    ShellState before = state_;
    state_.SetArguments(std::span(words).subspan(1));
    const FileFrame frame(&files_, bodies.size() > 1);
    CallBody(*body, streams);
    state_.arguments = arguments;
    state_.arguments_known = arguments_known;
    joined ? joined->Join(state_) : void(joined = state_);
    state_ = std::move(before);
  }
  if (joined) {
    state_ = std::move(*joined);
  }
  succeeded_ = std::nullopt;  // it may have returned before its end
  attempted_directory_.clear();
  --call_depth_;
}

// A function that calls itself is walked until a call knows no more than one that is still going on.
void Evaluator::CallBody(const Command& body, const Streams& streams) {
  const auto calls = std::count_if(active_calls_.begin(), active_calls_.end(),
                                   [&body](const ActiveCall& call) { return call.body == &body; });
  if (calls >= kMostRecursions) {
    for (const std::string& name : assigned_) {
      state_.Set(name, UnknownVariable());
    }
    state_.arguments.clear();
    state_.arguments_known = false;
    state_.last_argument.assign(1, kUnknownPart);
  }
  const bool goes_round = calls > 0 && std::any_of(active_calls_.begin(), active_calls_.end(), [&](const auto& call) {
                            return call.body == &body && call.state == state_;
                          });
  if (goes_round) {
    PrintUnknown(streams);
    return;
  }
  active_calls_.push_back({&body, state_});
  locals_.emplace_back();
  const Leaving outer_leaving = leaving_;
  FileFrame frame(&files_);
  Execute(body, streams);
  frame.may_not_have_happened = leaving_ != outer_leaving;
  leaving_ = leaving_ == Leaving::kFunction ? outer_leaving : leaving_;
  for (auto each = locals_.back().rbegin(); each != locals_.back().rend(); ++each) {
    state_.Restore(each->first, std::move(each->second));
  }
  locals_.pop_back();
  active_calls_.pop_back();
}

}  // namespace safe_docker::shell
