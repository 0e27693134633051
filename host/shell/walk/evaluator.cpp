#include "evaluator.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "file_system.hpp"
#include "tools/output.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostWork = 60000;
constexpr int kDeepestWalk = 800;
constexpr std::size_t kMostBackground = 16;

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
  RunWaitingProcesses(0, {});
  RunKeptCode(0, {});
  RepeatBackground();
  HeedAsides();
  HeedLinks();
  if (too_much_) {
    ReportOpaque(Opaque::Reason::kTooMuch, text_, "the text asks for more work than an analysis may take",
                 TextMentions());
  }
  analysis_.assigned.assign(assigned_.begin(), assigned_.end());
  analysis_.written.assign(written_files_.begin(), written_files_.end());
  analysis_.removed.assign(removed_files_.begin(), removed_files_.end());
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
    // cppcheck-suppress stlFindInsert ; emplace alone would make a string for each name that is known already
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

// A subshell: what it changes stays in it.
void Evaluator::ExecuteIsolated(const Command& command, const Streams& streams) {
  if (!Spend(state_.size())) {
    return;
  }
  ShellState saved = state_;
  const auto locals = locals_;
  const Streams exec = exec_;
  const Streams before_exec = before_exec_;
  const Descriptors descriptors = descriptors_;
  const std::size_t opened = kept_.size();
  const std::size_t kept = kept_code_.size();
  const std::size_t outer_kept = std::exchange(first_kept_, kept);
  const std::size_t waiting = waiting_processes_.size();
  const Leaving outer_leaving = leaving_;
  FileFrame frame(&files_);
  Execute(command, streams);
  RunWaitingProcesses(waiting, streams);
  frame.may_not_have_happened = leaving_ != outer_leaving;
  leaving_ = Leaving::kNothing;  // a trap on EXIT runs all the same
  const auto handles = [](const ShellState& state) {
    return state.functions.find("command_not_found_handle") != state.functions.end();
  };
  if (kept_code_.size() > kept || (handles(state_) && !handles(saved))) {
    RunKeptCode(kept, streams);
  }
  first_kept_ = outer_kept;
  leaving_ = outer_leaving;
  state_ = std::move(saved);
  locals_ = locals;
  exec_ = exec;
  before_exec_ = before_exec;
  descriptors_ = descriptors;
  kept_.resize(std::min(kept_.size(), opened));
}

// Reads what others write to its descriptor, whenever they do.
void Evaluator::ExecuteCoprocess(const Command& command) {
  const bool outer = std::exchange(input_may_be_any_text_, true);
  Streams streams;
  streams.redirected = true;
  ExecuteInBackground(command, streams);
  input_may_be_any_text_ = outer;
}

// What may run or not, or at another time: the files that it writes may be as they were.
void Evaluator::ExecuteUncertain(const Command& command, const Streams& streams) {
  const FileFrame frame(&files_, true);
  ExecuteAssumed(command, streams);
}

// The same in a FileFrame that ends later.
void Evaluator::ExecuteAssumed(const Command& command, const Streams& streams) {
  ++uncertain_;
  ++assumed_;
  Execute(command, streams);
  --assumed_;
  --uncertain_;
}

void Evaluator::Execute(const Command& command, Streams streams) {
  if (!Spend(1) || command_depth_ >= kDeepestWalk) {
    too_much_ = true;
    return;
  }
  ++command_depth_;
  if (command.redirections != nullptr && command.kind != Command::Kind::kSimple) {
    const Descriptors outer = descriptors_;
    const std::size_t waiting = waiting_processes_.size();
    const Streams around = streams;
    const std::size_t open_outputs = open_outputs_.size();
    Opened opened;
    const bool may_not_open = MayNotOpen(command.redirections) && Spend(3 * state_.size());
    const std::optional<ShellState> before = may_not_open ? std::optional(state_) : std::nullopt;
    std::string maybe_printed;
    streams = may_not_open ? Withheld(streams, &maybe_printed) : streams;
    Redirect(command.redirections, &streams, &opened);
    const OwnOutput own(this, streams.output != around.output);
    uncertain_ += may_not_open ? 1 : 0;
    ExecuteKind(command, streams);
    uncertain_ -= may_not_open ? 1 : 0;
    before ? state_.Join(*before) : void();
    Flush(&opened);
    open_outputs_.resize(std::min(open_outputs_.size(), open_outputs));
    RunWaitingProcesses(waiting, around);
    descriptors_ = outer;
  } else {
    ExecuteKind(command, streams);
  }
  const bool is_plain = command.kind == Command::Kind::kSimple || command.kind == Command::Kind::kList ||
                        command.kind == Command::Kind::kGroup || command.kind == Command::Kind::kAndOr;
  if (!is_plain && command.kind != Command::Kind::kSubshell && command.kind != Command::Kind::kPipeline) {
    succeeded_ = std::nullopt;
  }
  if (!is_plain || command.kind == Command::Kind::kAndOr) {
    attempted_directory_.clear();
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
      ExecuteIsolated(*command.first, streams);
      break;
    case Command::Kind::kCoproc:
      ExecuteCoprocess(*command.first);
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
      ExecuteForArithmetic(command, streams);
      break;
    case Command::Kind::kCase:
      ExecuteCase(command, streams);
      break;
    case Command::Kind::kCondition:
      ExpandCondition(*command.compound->condition);
      break;
    case Command::Kind::kArithmetic:
      EvaluateWords(command.words);
      break;
    case Command::Kind::kFunction:
      state_.functions[std::string(command.name)] = {command.first};
      break;
  }
}

void Evaluator::ExecuteList(const Command& list, const Streams& streams) {
  const std::string_view outer = inner_;
  for (const Command* command = list.first; command != nullptr; command = command->next) {
    const bool outermost = text_depth_ == 0 && command_depth_ <= 2;
    pipeline_ = outermost || pipeline_.empty() ? command->written : pipeline_;
    inner_ = command->written;
    FileFrame frame(&files_);
    const bool outer_failed = std::exchange(may_have_failed_, false);
    if (command->background) {
      ExecuteInBackground(*command, streams);
    } else {
      Execute(*command, streams);
    }
    frame.may_not_have_happened = may_have_failed_;
    may_have_failed_ = outer_failed;
  }
  inner_ = outer;
}

// Runs beside what follows: scripts that it starts may be written only then.
void Evaluator::ExecuteInBackground(const Command& command, const Streams& streams) {
  const std::size_t scripts = scripts_run_;
  if (!Spend(state_.size())) {
    return;
  }
  ShellState before = state_;
  const std::size_t begin = analysis_.commands.size();
  const std::size_t changes = files_.changes();
  std::string output;
  Streams inner = streams;
  inner.output = streams.output == nullptr ? nullptr : &output;
  ++uncertain_;
  ExecuteIsolated(command, inner);
  --uncertain_;
  EndAside({.first = begin, .from = begin, .changes = changes}, changes);
  PrintInAnyOrder(output, streams);
  if (scripts_run_ != scripts && background_.size() < kMostBackground) {
    background_.push_back({&command, std::move(before), files_.changes()});
  }
}

void Evaluator::RepeatBackground() {
  ++uncertain_;
  for (std::size_t i = 0; i < background_.size(); ++i) {
    if (background_[i].changes != files_.changes()) {
      state_ = background_[i].state;
      ExecuteIsolated(*background_[i].command, {});
    }
  }
  --uncertain_;
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

// What follows && or ||: whether it runs depends on the command before, of which more or less is known.
// `for_rest`: what follows runs only if it does.
void Evaluator::ExecuteMember(const Command& member, const Streams& streams, bool for_rest) {
  const bool wanted = member.connector == Command::Connector::kAnd;
  const bool certain = succeeded_ && *succeeded_ == wanted;
  const auto execute = [&](const Streams& to) { for_rest ? ExecuteAssumed(member, to) : ExecuteUncertain(member, to); };
  if (certain || streams.output == nullptr) {
    certain ? Execute(member, streams) : execute(streams);
    return;
  }
  const bool never = succeeded_.has_value();
  std::string output;
  Streams inner = streams;
  inner.output = &output;
  execute(inner);
  if (!never && !output.empty()) {
    PrintUnknown(streams);
  }
  succeeded_ = std::nullopt;
}

// Follows the states in which the list so far may have succeeded, and those in which it may have failed.
void Evaluator::ExecuteAndOr(const Command& command, const Streams& streams) {
  std::optional<ShellState> succeeded;
  std::optional<ShellState> failed;
  const auto status = [&] {
    return succeeded.has_value() == failed.has_value() ? std::nullopt : std::optional(!failed);
  };
  std::optional<FileFrame> first(&files_);
  std::optional<FileFrame> all;  // as long as each member needs all those before it
  for (const Command* member = command.first; member != nullptr; member = member->next) {
    if (!Spend(4 * state_.size())) {
      return;
    }
    if (member->connector == Command::Connector::kOr && first) {
      // It runs where something before it has failed.
      (all ? *all : *first).may_not_have_happened = true;
      all.reset();
      first.reset();
    }
    if (member != command.first) {
      std::optional<ShellState>& from = member->connector == Command::Connector::kAnd ? succeeded : failed;
      succeeded_ = status();
      state_ = from ? std::move(*from) : state_;  // one that never runs is walked all the same
      from.reset();
    }
    const ShellState before = state_;
    attempted_directory_.clear();
    pipeline_ = text_depth_ == 0 ? member->written : pipeline_;
    inner_ = member->written;
    if (member == command.first) {
      Execute(*member, streams);
      all.emplace(&files_);
    } else {
      const bool is_certain = succeeded_ == (member->connector == Command::Connector::kAnd);
      if (all) {
        all->may_not_have_happened = all->may_not_have_happened || !is_certain;
      }
      ExecuteMember(*member, streams, all.has_value());
    }
    if (EndsShell(*member)) {
      continue;
    }
    if (succeeded_ != std::optional(false)) {
      ShellState after = state_;
      after.cwd = attempted_directory_.empty() ? after.cwd : attempted_directory_;
      succeeded ? succeeded->Join(after) : void(succeeded = std::move(after));
    }
    if (succeeded_ != std::optional(true)) {
      state_.Join(before);
      failed ? failed->Join(state_) : void(failed = state_);
    }
  }
  succeeded_ = status();
  if (succeeded || failed) {
    state_ = succeeded ? std::move(*succeeded) : *failed;
    failed ? state_.Join(*failed) : void();
  }
}

void Evaluator::ExecutePipeline(const Command& command, const Streams& streams) {
  if (command.first == nullptr || command.first->next == nullptr) {
    if (command.first != nullptr) {
      Execute(*command.first, streams);
    }
    succeeded_ = command.negated ? std::nullopt : succeeded_;
    return;
  }
  const std::string_view outer = std::exchange(pipeline_, command.written);
  const std::size_t outer_start = std::exchange(pipeline_start_, mentions_);
  const std::size_t outer_files = read_files_.size();
  const std::size_t begin = analysis_.commands.size();
  const std::size_t changes = files_.changes();
  std::vector<std::string> changed;
  std::string input;
  Streams member_streams = streams;
  for (const Command* member = command.first; member != nullptr; member = member->next) {
    std::string output;
    member_streams.output = member->next == nullptr ? streams.output : &output;
    const bool merges = member->next != nullptr && member->next->connector == Command::Connector::kPipeBoth;
    member_streams.errors = merges ? &output : streams.errors;
    member_streams.output_file = member->next == nullptr ? streams.output_file : std::string();
    const OwnOutput own(this, member->next != nullptr);
    const std::size_t changes_before = files_.changes();
    if (member->next == nullptr && state_.options.lastpipe != Setting::kOff && Spend(3 * state_.size())) {
      const ShellState before = state_;
      Execute(*member, member_streams);
      state_.Join(before);
    } else {
      ExecuteIsolated(*member, member_streams);
    }
    if (files_.changes() != changes_before) {
      const std::vector<std::string> more = files_.ChangedSince(changes_before);
      Spend(files_.written_count() / 8);
      changed.insert(changed.end(), more.begin(), more.end());
    }
    input = std::move(output);
    member_streams.input = &input;
    member_streams.opened_at = uncertain_;
    member_streams.redirected = true;
    member_streams.file.clear();
    NoteOpened(member_streams);
  }
  if (!changed.empty()) {
    EndPipeline(begin, changes, std::move(changed));
  }
  succeeded_ = std::nullopt;
  pipeline_ = outer;
  pipeline_start_ = outer_start;
  read_files_.resize(std::min(read_files_.size(), outer_files));
}

// What `exec` opened holds for all that follows.
Streams Evaluator::WithExec(const Streams& outer) const {
  Streams streams = outer;
  if (!streams.redirected && exec_.redirected) {
    streams.input = exec_.input;
    streams.file = exec_.file;
    streams.redirected = true;
  }
  streams.output = streams.output == before_exec_.output ? exec_.output : streams.output;
  streams.errors = streams.errors == before_exec_.errors ? exec_.errors : streams.errors;
  return streams;
}

// `exec` without a command: what it opens stays open.
void Evaluator::KeepRedirections(const Command& command, const Streams& outer) {
  kept_.emplace_back();
  Streams streams = kept_.size() == 1 ? outer : WithExec(outer);
  Redirect(command.redirections, &streams, &kept_.back());
  exec_ = streams;
  before_exec_ = outer;
  input_may_be_any_text_ = input_may_be_any_text_ || streams.redirected;
}

void Evaluator::ExecuteSimple(const Command& command, const Streams& outer) {
  if (const std::string_view name = VariableOfChoice(command); !name.empty() && MayChoose()) {
    ExecuteForEachValue(command, name, outer);
    return;
  }
  const std::string_view saved_source = source_;
  const Span saved_span = span_;
  if (text_depth_ == 0) {
    span_ = SpanOf(command.written);
    source_ = command.written;
  }
  const std::size_t waiting = waiting_processes_.size();
  const std::size_t outer_start = std::exchange(command_start_, mentions_);
  succeeded_ = std::nullopt;
  attempted_directory_.clear();
  const bool any_text = input_may_be_any_text_;
  Words words = ExpandWords(command.words);
  std::string last_argument = words.empty() ? std::string() : words.back().text;
  if (!words.empty() && words.back().may_split) {
    last_argument.assign(1, kUnknownPart);
  }
  const bool is_exec = words.size() == 1 && words[0].text == "exec" && command.redirections != nullptr;
  if (is_exec) {
    KeepRedirections(command, outer);
  } else {
    ExecuteOpened(command, std::move(words), outer);
    RunWaitingProcesses(waiting, outer);
    input_may_be_any_text_ = any_text;
  }
  Spend(kept_.size() / 8);
  for (Opened& opened : kept_) {
    Flush(&opened);
  }
  state_.last_argument = std::move(last_argument);
  source_ = saved_source;
  span_ = saved_span;
  command_start_ = outer_start;
}

bool Evaluator::MayNotBeRead(const std::string& path) const {
  const bool is_device = path.starts_with("/dev/") || DescriptorOfPath(path) >= 0;
  return !IsKnown(path) || path.empty() ||
         (!is_device && !files_.IsWritten(path) && ResolvePath(path, "/").kind != ResolvedPath::Kind::kRegular);
}

// What is certain to fail, or fails if nothing else has happened. Who may write where is left to the system.
bool Evaluator::MayNotBeWritten(const std::string& path, bool clobbers) const {
  if (!IsKnown(path) || path.empty() || path.starts_with("/dev/") || DescriptorOfPath(path) >= 0) {
    return false;
  }
  const ResolvedPath::Kind kind = ResolvePath(path, "/").kind;
  const bool is_there = kind != ResolvedPath::Kind::kMissing || files_.IsWritten(path);
  const bool has_folder = is_there || ResolvePath(path + "/..", "/").kind == ResolvedPath::Kind::kDirectory ||
                          files_.IsMadeFolder(path.substr(0, path.rfind('/')));
  return kind == ResolvedPath::Kind::kDirectory || !has_folder || (noclobber_ && !clobbers && is_there);
}

// Whether what one of the redirections names may not be opened, so that the command does not run.
bool Evaluator::MayNotOpen(const Redirection* redirections) {
  for (const Redirection* each = redirections; each != nullptr; each = each->next) {
    const bool reads = each->kind == Redirection::Kind::kInput;
    const Part* only = each->target == nullptr ? nullptr : each->target->parts;
    if (only == nullptr || only->kind == Part::Kind::kProcess || (!reads && each->kind != Redirection::Kind::kOutput)) {
      continue;
    }
    const bool is_plain = only->next == nullptr && only->kind == Part::Kind::kLiteral;
    const std::string path = is_plain ? AbsolutePath(only->text) : std::string();
    const bool clobbers = each->operation.ends_with(">|") || each->operation.ends_with(">>");
    if (Spend(kCostOfLookUp / 4) && (reads ? MayNotBeRead(path) : MayNotBeWritten(path, clobbers))) {
      return true;
    }
  }
  return false;
}

// Whether one of the redirections may fail, so that the command does not run.
bool Evaluator::MayFail(const Redirection* redirections) {
  for (const Redirection* each = redirections; each != nullptr; each = each->next) {
    const bool safe = each->kind == Redirection::Kind::kHereDocument || each->kind == Redirection::Kind::kHereString ||
                      each->kind == Redirection::Kind::kDuplicate ||
                      (each->target != nullptr && each->target->written == "/dev/null");
    if (!safe) {
      return true;
    }
  }
  return false;
}

void Evaluator::ExecuteOpened(const Command& command, Words words, const Streams& outer) {
  Streams streams = kept_.empty() ? outer : WithExec(outer);
  Opened opened;
  const bool redirects = command.redirections != nullptr;
  const bool may_not_open = redirects && MayNotOpen(command.redirections) && Spend(3 * state_.size());
  const std::optional<ShellState> before = may_not_open ? std::optional(state_) : std::nullopt;
  std::string maybe_printed;
  streams = may_not_open ? Withheld(streams, &maybe_printed) : streams;
  uncertain_ += may_not_open ? 1 : 0;
  const std::size_t open_outputs = open_outputs_.size();
  const Descriptors descriptors = redirects ? descriptors_ : Descriptors();
  Redirect(command.redirections, &streams, &opened);
  const OwnOutput own(this, streams.output != outer.output);
  if (words.empty()) {
    succeeded_ = MayFail(command.redirections) ? std::nullopt : std::optional(true);
    for (const Assignment* each = command.assignments; each != nullptr; each = each->next) {
      Assign(*each);  // a substitution in it says what its status is
    }
  } else if (!too_much_) {
    std::vector<std::pair<std::string, std::optional<ShellVariable>>> hidden;
    for (const Assignment* each = command.assignments; each != nullptr; each = each->next) {
      hidden.emplace_back(each->name, state_.Has(each->name) ? std::optional(state_.Get(each->name)) : std::nullopt);
      Assign(*each);
      state_.Export(each->name);
    }
    succeeded_ = std::nullopt;
    const bool replaces_shell = words[0].text == "exec";
    const bool declares = words[0].text == "export" || words[0].text == "readonly" || words[0].text == "declare" ||
                          words[0].text == "typeset";
    RunWords(std::move(words), streams, Lookup::kShell);
    leaving_ = replaces_shell ? Leaving::kShell : leaving_;
    succeeded_ = MayFail(command.redirections) ? std::nullopt : succeeded_;
    const bool keeps = declares && !hidden.empty() && Spend(3 * state_.size());
    const std::optional<ShellState> kept = keeps ? std::optional(state_) : std::nullopt;
    for (auto each = hidden.rbegin(); each != hidden.rend(); ++each) {
      state_.Restore(each->first, std::move(each->second));
    }
    kept ? state_.Join(*kept) : void();  // "x=1 export x" keeps what it assigns
  }
  if (redirects) {
    Flush(&opened);
    open_outputs_.resize(std::min(open_outputs_.size(), open_outputs));
    descriptors_ = descriptors;
  }
  uncertain_ -= may_not_open ? 1 : 0;
  before ? state_.Join(*before) : void();
}

}  // namespace safe_docker::shell
