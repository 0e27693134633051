#include "evaluator.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "file_system.hpp"
#include "output.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostOutput = 65536;
constexpr std::size_t kMostIterations = 64;
constexpr std::size_t kMostWork = 60000;
constexpr int kDeepestWalk = 800;
constexpr int kMostRounds = 4;

void AppendOutput(std::string_view text, std::string* output) {
  if (output->size() + text.size() <= kMostOutput) {
    output->append(text);
  } else if (!output->ends_with(kUnknownPart)) {
    output->push_back(kUnknownPart);
  }
}

}  // namespace

Evaluator::Evaluator(std::string_view text, const Context& context)
    : text_(text),
      context_(context),
      names_(context.names),
      state_(context.environment, context.cwd),
      expander_(&state_, this, &arena_),
      work_left_(kMostWork + 4 * text.size()) {}

Analysis Evaluator::Run() {
  span_ = {0, static_cast<std::uint32_t>(text_.size())};
  const Program program = Parse(text_, &arena_, 0);
  ReportBroken(program);
  Execute(*program.commands, {});
  RunTraps();
  if (too_much_) {
    ReportOpaque(Opaque::Reason::kTooMuch, text_, "the text asks for more work than an analysis may take",
                 names_.MentionedIn(text_));
  }
  analysis_.assigned.assign(assigned_.begin(), assigned_.end());
  analysis_.written.assign(written_files_.begin(), written_files_.end());
  analysis_.linked.assign(linked_files_.begin(), linked_files_.end());
  return std::move(analysis_);
}

bool Evaluator::Spend(std::size_t work) {
  if (work >= work_left_) {
    work_left_ = 0;
    too_much_ = true;
    return false;
  }
  work_left_ -= work;
  return true;
}

void Evaluator::NoteTooMuch() { too_much_ = true; }

void Evaluator::NoteAssigned(std::string_view name) {
  if (assigned_.find(name) == assigned_.end()) {
    assigned_.emplace(name);
  }
}

// Parts of the judged text know their place; those of inner texts have that of the command that runs the text.
Span Evaluator::SpanOf(std::string_view written) const {
  const std::less<const char*> before;
  const bool inside = !before(written.data(), text_.data()) && !before(text_.data() + text_.size(), written.data());
  if (!inside || written.data() == nullptr) {
    return span_;
  }
  const auto begin = static_cast<std::uint32_t>(written.data() - text_.data());
  return {begin, begin + static_cast<std::uint32_t>(written.size())};
}

// Whether `command` is one program that is called plainly, so that it prints what it says it does.
bool Evaluator::IsPlainCall(const Command& command) const {
  const Command* only = command.kind == Command::Kind::kList ? command.first : nullptr;
  const bool simple = only != nullptr && only->next == nullptr && only->kind == Command::Kind::kSimple &&
                      only->words != nullptr && only->assignments == nullptr && !only->background;
  if (!simple || !MayPrintOneWord(only->words->written) || state_.Has("PATH") ||
      state_.functions.find(only->words->written) != state_.functions.end() ||
      state_.aliases.find(only->words->written) != state_.aliases.end()) {
    return false;
  }
  for (const Redirection* each = only->redirections; each != nullptr; each = each->next) {
    if (each->descriptor != 2 || each->target == nullptr || each->target->written != "/dev/null") {
      return false;
    }
  }
  return true;
}

Captured Evaluator::Capture(const Command& command) {
  std::string output;
  if (command.first != nullptr && command.first->next == nullptr && command.first->kind == Command::Kind::kSimple &&
      command.first->words == nullptr && command.first->redirections != nullptr) {
    ExecuteIsolated(command, {});
    return {std::string(1, kUnknownPart)};  // $(<file)
  }
  printed_ = PrintedWords::kAny;
  ExecuteIsolated(command, {nullptr, false, &output});
  output.resize(output.find_last_not_of('\n') + 1);
  const bool one_program = output == std::string(1, kUnknownPart) && IsPlainCall(command);
  return {std::move(output), one_program ? printed_ : PrintedWords::kAny};
}

void Evaluator::RunProcess(const Command& command, bool reads) {
  const bool outer = std::exchange(input_may_be_any_text_, input_may_be_any_text_ || reads);
  ExecuteIsolated(command, {nullptr, reads, nullptr});
  input_may_be_any_text_ = outer;
}

// A subshell: what it changes stays in it.
void Evaluator::ExecuteIsolated(const Command& command, const Streams& streams) {
  if (!Spend(state_.size())) {
    return;
  }
  ShellState saved = state_;
  const auto locals = locals_;
  Execute(command, streams);
  state_ = std::move(saved);
  locals_ = locals;
}

void Evaluator::Execute(const Command& command, Streams streams) {
  if (!Spend(1) || command_depth_ >= kDeepestWalk) {
    too_much_ = true;
    return;
  }
  ++command_depth_;
  if (command.redirections != nullptr && command.kind != Command::Kind::kSimple) {
    std::string text;
    Redirect(command.redirections, &streams, &text);
    ExecuteKind(command, streams);
  } else {
    ExecuteKind(command, streams);
  }
  --command_depth_;
}

void Evaluator::ExecuteKind(const Command& command, const Streams& streams) {
  switch (command.kind) {
    case Command::Kind::kSimple:
      ExecuteSimple(command, streams);
      break;
    case Command::Kind::kPipeline:
      ExecutePipeline(command, streams);
      break;
    case Command::Kind::kAndOr:
      ExecuteAndOr(command, streams);
      break;
    case Command::Kind::kList:
      ExecuteList(command, streams);
      break;
    case Command::Kind::kGroup:
      Execute(*command.first, streams);
      break;
    case Command::Kind::kSubshell:
    case Command::Kind::kCoproc:
      ExecuteIsolated(*command.first, streams);
      break;
    case Command::Kind::kIf:
      ExecuteIf(command, streams);
      break;
    case Command::Kind::kLoop:
      ExecuteLoop(command, streams);
      break;
    case Command::Kind::kFor:
      ExecuteFor(command, streams);
      break;
    case Command::Kind::kForArithmetic:
      ExpandWords(command.words);
      RepeatUntilStable([&] { Execute(*command.second, streams); });
      break;
    case Command::Kind::kCase:
      ExecuteCase(command, streams);
      break;
    case Command::Kind::kCondition:
    case Command::Kind::kArithmetic:
      for (const SyntaxWord* word = command.words; word != nullptr; word = word->next) {
        expander_.ExpandToOne(word->parts, false);
      }
      break;
    case Command::Kind::kFunction:
      state_.functions[std::string(command.name)] = {command.first};
      break;
  }
}

void Evaluator::ExecuteList(const Command& list, const Streams& streams) {
  for (const Command* command = list.first; command != nullptr; command = command->next) {
    const bool outermost = text_depth_ == 0 && command_depth_ <= 2;
    pipeline_ = outermost || pipeline_.empty() ? command->written : pipeline_;
    command->background ? ExecuteIsolated(*command, streams) : Execute(*command, streams);
  }
}

// Whether nothing of this shell runs after `command`.
bool Evaluator::EndsShell(const Command& command) const {
  if (command.kind == Command::Kind::kGroup || command.kind == Command::Kind::kList) {
    const Command* last = command.first;
    while (last != nullptr && last->next != nullptr) {
      last = last->next;
    }
    return last != nullptr && !last->background && EndsShell(*last);
  }
  const bool plain = command.kind == Command::Kind::kSimple && command.words != nullptr;
  return plain && command.words->written == "exit" && state_.functions.find("exit") == state_.functions.end() &&
         state_.aliases.find("exit") == state_.aliases.end();
}

// Each member may be the last one that runs.
void Evaluator::ExecuteAndOr(const Command& command, const Streams& streams) {
  ShellState before = state_;
  std::optional<ShellState> left_early;
  const auto may_leave = [&left_early](const ShellState& state) {
    left_early ? left_early->Join(state) : void(left_early = state);
  };
  for (const Command* member = command.first; member != nullptr; member = member->next) {
    if (!Spend(3 * state_.size())) {
      return;
    }
    before = state_;
    attempted_directory_.clear();
    pipeline_ = text_depth_ == 0 ? member->written : pipeline_;
    Execute(*member, streams);
    if (member->connector == Command::Connector::kOr && left_early && EndsShell(*member)) {
      state_ = *left_early;
      continue;
    }
    if (member->next == nullptr) {
      break;
    }
    ShellState succeeded = state_;
    if (!attempted_directory_.empty()) {
      succeeded.cwd = attempted_directory_;
    }
    if (member->next->connector == Command::Connector::kAnd) {
      may_leave(state_);
      state_ = std::move(succeeded);
    } else {
      may_leave(succeeded);
      state_.Join(before);
    }
  }
  if (left_early) {
    state_.Join(*left_early);
  }
}

// The file that `cat FILE` prints; empty if `command` is something else.
std::string Evaluator::FileThatIsPrinted(const Command& command) const {
  const bool plain =
      command.kind == Command::Kind::kSimple && command.words != nullptr && command.words->written == "cat" &&
      command.words->next != nullptr && command.words->next->next == nullptr && command.redirections == nullptr &&
      state_.functions.find("cat") == state_.functions.end() && state_.aliases.find("cat") == state_.aliases.end();
  const Part* only = plain ? command.words->next->parts : nullptr;
  const bool constant = only != nullptr && only->next == nullptr && only->kind == Part::Kind::kLiteral &&
                        (only->quoted || only->text.find_first_of("~*?[{") == std::string_view::npos);
  const bool known = constant && !only->text.empty() && (only->text[0] == '/' || IsKnown(state_.cwd));
  return known && only->text[0] != '-' ? CleanPath(only->text, state_.cwd) : std::string();
}

void Evaluator::ExecutePipeline(const Command& command, const Streams& streams) {
  if (command.first == nullptr || command.first->next == nullptr) {
    if (command.first != nullptr) {
      Execute(*command.first, streams);
    }
    return;
  }
  const std::string_view outer = pipeline_;
  pipeline_ = command.written;
  std::string input;
  Streams member_streams = streams;
  for (const Command* member = command.first; member != nullptr; member = member->next) {
    std::string output;
    member_streams.output = member->next == nullptr ? streams.output : &output;
    ExecuteIsolated(*member, member_streams);
    input = std::move(output);
    member_streams.input = &input;
    member_streams.redirected = true;
    member_streams.file = FileThatIsPrinted(*member);
  }
  pipeline_ = outer;
}

void Evaluator::ExecuteIf(const Command& command, const Streams& streams) {
  Execute(*command.first, streams);
  if (!Spend(2 * state_.size())) {
    return;
  }
  ShellState otherwise = state_;
  std::string then_output;
  Streams inner = streams;
  if (streams.output != nullptr) {
    AppendOutput(std::string_view("\0", 1), streams.output);
    inner.output = &then_output;
  }
  Execute(*command.second, inner);
  std::swap(otherwise, state_);
  if (command.third != nullptr) {
    Execute(*command.third, inner);
  }
  state_.Join(otherwise);
}

// Runs `body` as often as it takes until what is known before it no longer changes.
template <typename Body>
void Evaluator::RepeatUntilStable(Body body) {
  for (int round = 0; round < kMostRounds; ++round) {
    if (!Spend(2 * state_.size())) {
      return;
    }
    ShellState before = state_;
    body();
    state_.Join(before);
    if (state_ == before) {
      return;
    }
  }
  too_much_ = true;
}

void Evaluator::ExecuteLoop(const Command& command, const Streams& streams) {
  Streams inner = streams;
  inner.input = nullptr;
  std::string output;
  if (streams.output != nullptr) {
    AppendOutput(std::string_view("\0", 1), streams.output);
    inner.output = &output;
  }
  RepeatUntilStable([&] {
    Execute(*command.first, inner);
    Execute(*command.second, inner);
  });
}

void Evaluator::ExecuteFor(const Command& command, const Streams& streams) {
  NoteAssigned(command.name);
  Words values = ExpandWords(command.words);
  bool known = command.over_list && values.size() <= kMostIterations;
  if (!command.over_list && state_.arguments_known) {
    known = state_.arguments.size() <= kMostIterations;
    for (const std::string& argument : state_.arguments) {
      values.push_back({argument, {}, false, {}});
    }
  }
  known = known && std::none_of(values.begin(), values.end(), [](const Word& word) { return word.may_split; });
  if (!known) {
    state_.Set(command.name, UnknownVariable());
    RepeatUntilStable([&] {
      state_.Set(command.name, UnknownVariable());
      Execute(*command.second, streams);
    });
    return;
  }
  const bool outer_left = std::exchange(left_loop_, false);
  std::optional<ShellState> left;
  for (const Word& value : values) {
    state_.Set(command.name, KnownOrNot(value.text));
    Execute(*command.second, streams);
    if (!Spend(state_.size())) {
      return;
    }
    left ? left->Join(state_) : void(left = state_);
  }
  if (left_loop_ && left) {
    state_.Join(*left);
  }
  left_loop_ = outer_left;
}

void Evaluator::ExecuteCase(const Command& command, const Streams& streams) {
  expander_.ExpandToOne(command.words->parts, false);
  ShellState joined = state_;
  std::string output;
  Streams inner = streams;
  if (streams.output != nullptr) {
    AppendOutput(std::string_view("\0", 1), streams.output);
    inner.output = &output;
  }
  const ShellState before = state_;
  for (const CaseItem* item = command.items; item != nullptr; item = item->next) {
    if (!Spend(2 * state_.size())) {
      return;
    }
    for (const SyntaxWord* pattern = item->patterns; pattern != nullptr; pattern = pattern->next) {
      expander_.ExpandToOne(pattern->parts, false);
    }
    Execute(*item->body, inner);
    joined.Join(state_);  // the next arm may go on from here (";&"), or start afresh
    state_ = joined;
  }
}

void Evaluator::Redirect(const Redirection* redirections, Streams* streams, std::string* text) {
  for (const Redirection* each = redirections; each != nullptr; each = each->next) {
    Field target;
    if (each->target != nullptr) {
      target = expander_.ExpandToOne(each->target->parts, false);
    }
    using Kind = Redirection::Kind;
    const bool is_text = each->kind == Kind::kHereDocument || each->kind == Kind::kHereString;
    const bool out = each->kind == Kind::kOutput || (each->kind == Kind::kDuplicate && each->descriptor != 0);
    const bool to_file = each->kind == Kind::kDuplicate && each->descriptor != 0 && target.text != "-" &&
                         target.text.find_first_not_of("0123456789-") != std::string::npos;
    if (each->kind == Kind::kOutput || each->kind == Kind::kInputOutput || to_file) {
      NoteWritten(target.text);
    }
    if (is_text && each->descriptor == 0) {
      *text = std::move(target.text);
      text->append(each->kind == Kind::kHereString ? "\n" : "");
      streams->input = text;
      streams->redirected = true;
      streams->file.clear();
    } else if (each->descriptor == 0 && target.text != "0") {
      const bool is_file = each->kind == Kind::kInput && IsKnown(target.text) && !target.text.empty() &&
                           (target.text[0] == '/' || IsKnown(state_.cwd));
      streams->input = nullptr;
      streams->redirected = true;
      streams->file = is_file ? CleanPath(target.text, state_.cwd) : std::string();
      input_may_be_any_text_ = input_may_be_any_text_ || each->kind == Kind::kDuplicate;
    } else if (out && each->descriptor == 1 && streams->output != nullptr && target.text != "1") {
      streams->output = nullptr;
    }
  }
}

void Evaluator::ExecuteSimple(const Command& command, const Streams& outer) {
  const std::string_view saved_source = source_;
  const Span saved_span = span_;
  if (text_depth_ == 0) {
    span_ = SpanOf(command.written);
    source_ = command.written;
  }
  Words words = ExpandWords(command.words);
  Streams streams = outer;
  std::string text;
  const bool any_text = input_may_be_any_text_;
  Redirect(command.redirections, &streams, &text);
  if (words.empty()) {
    for (const Assignment* each = command.assignments; each != nullptr; each = each->next) {
      Assign(*each);
    }
  } else if (!too_much_) {
    const bool keeps_redirections = words.size() == 1 && words[0].text == "exec" && command.redirections != nullptr;
    input_may_be_any_text_ = input_may_be_any_text_ || (keeps_redirections && streams.redirected);
    std::vector<std::pair<std::string, std::optional<ShellVariable>>> hidden;
    for (const Assignment* each = command.assignments; each != nullptr; each = each->next) {
      hidden.emplace_back(each->name, state_.Has(each->name) ? std::optional(state_.Get(each->name)) : std::nullopt);
      Assign(*each);
      state_.Export(each->name);
    }
    RunWords(std::move(words), streams, Lookup::kShell);
    for (auto each = hidden.rbegin(); each != hidden.rend(); ++each) {
      each->second ? state_.Set(each->first, *each->second) : state_.Forget(each->first);
    }
    input_may_be_any_text_ = keeps_redirections ? input_may_be_any_text_ : any_text;
  }
  source_ = saved_source;
  span_ = saved_span;
}

}  // namespace safe_docker::shell
