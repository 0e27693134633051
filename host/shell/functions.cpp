// The part of the evaluator that follows code which the text keeps for later: functions, sourced files, traps.
#include <algorithm>
#include <string>

#include "evaluator.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestCall = 12;

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

// A trap's text runs at a time that nobody knows: it is walked at the end, with all that was assigned unknown.
void Evaluator::SetTrap(const Words& words) {
  const std::size_t at = SkipOptions(words);
  if (at + 1 < words.size() && words[at].text != "-" && !words[at].text.empty()) {
    traps_.push_back(words[at].text);
  }
}

void Evaluator::RunTraps() {
  for (std::size_t i = 0; i < traps_.size() && Spend(state_.size()); ++i) {
    for (const std::string& name : assigned_) {
      state_.Set(name, UnknownVariable());
    }
    const std::string text = traps_[i];
    RunText(text, {});
  }
}

void Evaluator::RunSource(const Words& words, const Streams& streams) {
  if (words.size() < 2) {
    return;
  }
  const Words arguments(words.begin() + 2, words.end());
  RunScript(words[1], arguments, streams, true);
}

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
    locals_.emplace_back();
    state_.arguments.clear();
    state_.arguments_known = std::none_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
    for (std::size_t i = 1; i < words.size() && state_.arguments_known; ++i) {
      state_.arguments.push_back(words[i].text);
    }
    Execute(*body, streams);
    for (auto each = locals_.back().rbegin(); each != locals_.back().rend(); ++each) {
      each->second ? state_.Set(each->first, *each->second) : state_.Forget(each->first);
    }
    locals_.pop_back();
    state_.arguments = arguments;
    state_.arguments_known = arguments_known;
    joined ? joined->Join(state_) : void(joined = state_);
    state_ = std::move(before);
  }
  if (joined) {
    state_ = std::move(*joined);
  }
  --call_depth_;
}

}  // namespace safe_docker::shell
