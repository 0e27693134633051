// The part of the evaluator that walks branches and loops: both arms, and bodies until nothing new is learnt.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "evaluator.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostIterations = 64;
constexpr int kMostRounds = 6;

}  // namespace

// Streams for what may run or not, or several times: what it prints goes to `output`, and counts as unknown.
Streams Evaluator::Withheld(const Streams& streams, std::string* output) const {
  PrintUnknown(streams);
  Streams inner = streams;
  inner.output = streams.output == nullptr ? nullptr : output;
  inner.errors = streams.errors == nullptr ? nullptr : output;
  return inner;
}

void Evaluator::EndLoop(bool outer_left, Leaving outer_leaving) {
  left_loop_ = outer_left;
  leaving_ = leaving_ == Leaving::kLoop ? outer_leaving : leaving_;
}

void Evaluator::ExecuteIf(const Command& command, const Streams& streams) {
  Execute(*command.first, streams);
  if (!Spend(2 * state_.size())) {
    return;
  }
  ShellState otherwise = state_;
  std::string output;
  const Streams inner = Withheld(streams, &output);
  ExecuteUncertain(*command.second, inner);
  std::swap(otherwise, state_);
  if (command.compound->third != nullptr) {
    ExecuteUncertain(*command.compound->third, inner);
  }
  state_.Join(otherwise);
}

// Runs `body` as often as it takes until what is known before it no longer changes.
template <typename Body>
void Evaluator::RepeatUntilStable(Body body) {
  std::map<std::string, std::size_t> texts;
  for (int round = 0; round < kMostRounds; ++round) {
    if (!Spend(2 * state_.size())) {
      return;
    }
    ShellState before = state_;
    const std::size_t changes = files_.changes();
    body();
    state_.Join(before);
    const bool is_new = files_.changes() != changes && NoteRound(changes, round == 0, &texts);
    if (state_ == before && !is_new) {
      return;
    }
  }
  too_much_ = true;
}

// What a round of a loop has made of files, `texts` being how much each might hold after the round before. True if the
// next round finds something that this one did not. What goes on growing is not known from then on.
bool Evaluator::NoteRound(std::size_t changes, bool is_first, std::map<std::string, std::size_t>* texts) {
  bool is_new = false;
  for (const std::string& path : files_.ChangedSince(changes)) {
    if (!Spend(1)) {
      return false;
    }
    const auto [at, is_added] = texts->try_emplace(path, files_.CountOfTexts(path));
    const bool grows = !is_added && at->second != 0 && at->second != files_.CountOfTexts(path);
    if (grows) {
      files_.Write(path, std::string(1, kUnknownPart), true);
      at->second = 0;
    }
    is_new = is_new || is_first || is_added || grows;
  }
  return is_new;
}

// A loop that reads the lines of a known text, as far as they last. True if it came to their end.
bool Evaluator::LoopOverLines(const Command& command, const Streams& streams) {
  for (std::size_t round = 0; round < kMostIterations; ++round) {
    const std::size_t left = streams.input->size();
    if (left == 0 || !IsKnown(*streams.input)) {
      return left == 0;
    }
    Execute(*command.first, streams);
    if (streams.input->size() == left || !Spend(state_.size())) {
      return false;
    }
    Execute(*command.second, streams);
  }
  return streams.input->empty();
}

void Evaluator::ExecuteLoop(const Command& command, const Streams& streams) {
  Streams inner = streams;
  inner.input = InputOf(streams);
  inner.file.clear();
  const bool outer_left = std::exchange(left_loop_, false);
  const Leaving outer_leaving = leaving_;
  bool all = false;
  {
    FileFrame frame(&files_);
    all = inner.input != nullptr && !inner.input->empty() && LoopOverLines(command, inner) && !left_loop_;
    frame.may_not_have_happened = !all;
  }
  EndLoop(outer_left, outer_leaving);
  if (all) {
    return;
  }
  std::string output;
  inner = Withheld(streams, &output);
  inner.input = nullptr;
  inner.file.clear();
  ++uncertain_;
  ++assumed_;
  RepeatUntilStable([&] {
    FileFrame frame(&files_);
    frame.may_not_have_happened = true;
    Execute(*command.first, inner);
    Execute(*command.second, inner);
  });
  --assumed_;
  --uncertain_;
  EndLoop(outer_left, outer_leaving);
}

// for ((first; condition; last)): round by round as far as the condition is known.
void Evaluator::ExecuteForArithmetic(const Command& command, const Streams& streams) {
  const SyntaxWord* condition = command.words->next;
  expander_.EvaluateParts(command.words->parts);
  const bool outer_left = std::exchange(left_loop_, false);
  const Leaving outer_leaving = leaving_;
  bool ended = false;
  FileFrame frame(&files_);
  for (std::size_t round = 0; round < kMostIterations && !left_loop_ && !ended; ++round) {
    const ArithmeticResult result = expander_.EvaluateParts(condition->parts);
    const bool endless = condition->parts == nullptr;
    if ((!endless && result.status == ArithmeticResult::Status::kUnknown) || !Spend(state_.size())) {
      break;
    }
    ended = !endless && (result.status == ArithmeticResult::Status::kError || result.value == 0);
    if (!ended) {
      Execute(*command.second, streams);
      expander_.EvaluateParts(condition->next->parts);
    }
  }
  frame.may_not_have_happened = !ended || left_loop_;
  if (!ended) {
    std::string output;
    const Streams inner = Withheld(streams, &output);
    RepeatUntilStable([&] {
      EvaluateWords(condition);
      ExecuteUncertain(*command.second, inner);
    });
  }
  EndLoop(outer_left, outer_leaving);
}

void Evaluator::ExecuteFor(const Command& command, const Streams& streams) {
  NoteAssigned(command.name);
  Words values = ExpandWords(command.words);
  const bool outer_left = std::exchange(left_loop_, false);
  const Leaving outer_leaving = leaving_;
  bool known = !command.select && command.over_list && values.size() <= kMostIterations;
  if (!command.select && !command.over_list && state_.arguments_known) {
    known = state_.arguments.size() <= kMostIterations;
    for (const std::string& argument : state_.arguments) {
      values.push_back({argument, {}, false, {}});
    }
  }
  known = known && std::none_of(values.begin(), values.end(), [](const Word& word) { return word.may_split; });
  if (!known) {
    state_.Set(command.name, UnknownVariable());
    std::string output;
    const Streams inner = Withheld(streams, &output);
    RepeatUntilStable([&] {
      state_.Set(command.name, UnknownVariable());
      ExecuteUncertain(*command.second, inner);
    });
    EndLoop(outer_left, outer_leaving);
    return;
  }
  std::optional<ShellState> left;
  FileFrame frame(&files_);
  for (const Word& value : values) {
    state_.Set(command.name, KnownOrNot(value.text));
    Execute(*command.second, streams);
    if (!Spend(state_.size())) {
      return;
    }
    left ? left->Join(state_) : void(left = state_);
  }
  frame.may_not_have_happened = left_loop_;
  if (left_loop_ && left) {
    state_.Join(*left);
  }
  EndLoop(outer_left, outer_leaving);
}

void Evaluator::ExecuteCase(const Command& command, const Streams& streams) {
  expander_.ExpandToOne(command.words->parts, false);
  ShellState joined = state_;
  std::string output;
  const Streams inner = Withheld(streams, &output);
  for (const CaseItem* item = command.compound->items; item != nullptr; item = item->next) {
    if (!Spend(2 * state_.size())) {
      return;
    }
    for (const SyntaxWord* pattern = item->patterns; pattern != nullptr; pattern = pattern->next) {
      expander_.ExpandToOne(pattern->parts, false);
    }
    ExecuteUncertain(*item->body, inner);
    joined.Join(state_);  // the next arm may go on from here (";&"), or start afresh
    state_ = joined;
  }
}

}  // namespace safe_docker::shell
