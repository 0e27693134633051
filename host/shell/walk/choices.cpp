// The part of the evaluator that walks a command once for each value which branches have left to a variable in it.
#include "evaluator.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kMostChoices = 2;

}  // namespace

bool Evaluator::MayChoose() const { return choices_ < kMostChoices; }

// A variable in the command of which branches have left several values; empty if there is none.
std::string_view Evaluator::VariableOfChoice(const Command& command) const {
  const auto in_word = [this](const SyntaxWord* word) {
    for (const Part* part = word == nullptr ? nullptr : word->parts; part != nullptr; part = part->next) {
      const ShellVariable* found =
          part->kind == Part::Kind::kParameter && !part->indirect ? state_.Find(part->name) : nullptr;
      if (found != nullptr && !found->alternatives.empty()) {
        return part->name;
      }
    }
    return std::string_view();
  };
  for (const SyntaxWord* word = command.words; word != nullptr; word = word->next) {
    if (const std::string_view name = in_word(word); !name.empty()) {
      return name;
    }
  }
  for (const Assignment* each = command.assignments; each != nullptr; each = each->next) {
    if (const std::string_view name = in_word(each->value); !name.empty()) {
      return name;
    }
  }
  return {};
}

// Walks the command once for each value that a variable in it may have.
void Evaluator::ExecuteForEachValue(const Command& command, std::string_view name, const Streams& outer) {
  const ShellVariable choice = state_.Get(name);
  const ShellState before = state_;
  std::optional<ShellState> joined;
  std::optional<std::string> printed;
  bool prints_one = true;
  ++uncertain_;
  ++choices_;
  for (const std::string& value : choice.alternatives) {
    if (!Spend(3 * before.size())) {
      break;
    }
    state_ = before;
    ShellVariable known = choice;
    known.alternatives.clear();
    known.value = value;
    known.state = KnownOrNot(value).state;
    state_.Restore(name, known);
    std::string output;
    Streams streams = outer;
    streams.output = outer.output == nullptr ? nullptr : &output;
    ExecuteSimple(command, streams);
    prints_one = prints_one && (!printed || *printed == output);
    printed = std::move(output);
    joined ? joined->Join(state_) : void(joined = state_);
  }
  --choices_;
  --uncertain_;
  if (joined) {
    state_ = std::move(*joined);
  } else {
    state_ = before;
  }
  succeeded_ = std::nullopt;
  attempted_directory_.clear();
  if (outer.output != nullptr && printed) {
    prints_one ? void(outer.output->append(*printed)) : PrintUnknown(outer);
  }
}

}  // namespace safe_docker::shell
