// The part of the evaluator that follows redirections and process substitutions.
#include <algorithm>
#include <utility>

#include "evaluator.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kFirstPipe = 63;  // bash numbers the pipes of process substitutions from here downwards
constexpr int kFirstFreeDescriptor = 10;
constexpr int kLastDescriptor = 1 << 20;  // more than a process can have open

// The number that a duplicated descriptor is given by; -1 if it is none.
int DescriptorNumber(std::string_view text) {
  if (text.empty() || text.size() > 3 || text.find_first_not_of("0123456789") != text.npos) {
    return -1;
  }
  int number = 0;
  for (const char c : text) {
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

Evaluator::OwnOutput::OwnOutput(Evaluator* evaluator, bool owns)
    : evaluator_(evaluator), owns_(owns), leaving_(evaluator->leaving_), any_order_(evaluator->any_order_) {
  if (owns_) {
    evaluator_->leaving_ = Leaving::kNothing;
    evaluator_->any_order_ = false;
  }
}

Evaluator::OwnOutput::~OwnOutput() {
  if (owns_) {
    evaluator_->leaving_ = std::max(evaluator_->leaving_, leaving_);
    evaluator_->any_order_ = any_order_;
  }
}

// The number of the descriptor that a path under /dev/fd or /proc/.../fd is; -1 if it is none.
int Evaluator::DescriptorOfPath(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const bool is_descriptor =
      path.starts_with("/dev/fd/") || (path.starts_with("/proc/") && path.substr(0, slash).ends_with("/fd"));
  if (path == "/dev/stdin" || path == "/dev/stdout" || path == "/dev/stderr") {
    return path.ends_with("in") ? 0 : (path.ends_with("out") ? 1 : 2);
  }
  return is_descriptor ? DescriptorNumber(path.substr(slash + 1)) : -1;
}

// The inside of <(...) is run at once: what it prints is in its pipe from then on. That of >(...) waits until the
// command has written.
std::string Evaluator::RunProcess(const Command& command, bool reads) {
  const std::string path = "/dev/fd/" + std::to_string(kFirstPipe - processes_++ % (kFirstPipe - kFirstFreeDescriptor));
  if (reads) {
    files_.Write(path, {}, true);
    waiting_processes_.push_back({path, &command});
    return path;
  }
  std::string output;
  Streams streams;
  streams.output = &output;
  const OwnOutput own(this, true);
  ExecuteIsolated(command, streams);
  files_.Write(path, std::move(output), true);
  return path;
}

// Runs what waits behind >(...) for what was written since `first`. What it prints goes to `outer`.
void Evaluator::RunWaitingProcesses(std::size_t first, const Streams& outer) {
  while (waiting_processes_.size() > first) {
    const WaitingProcess process = waiting_processes_.back();
    waiting_processes_.pop_back();
    std::string text = files_.Read(process.path).value_or(std::string());
    const bool outer_any = std::exchange(input_may_be_any_text_, true);
    const std::size_t begin = analysis_.commands.size();
    const std::size_t changes = files_.changes();
    std::string output;
    Streams streams;
    streams.output = outer.output == nullptr ? nullptr : &output;
    streams.redirected = true;
    // A program that got the pipe's path may have written anything.
    streams.input = text.empty() ? nullptr : &text;
    ExecuteIsolated(*process.command, streams);
    EndAside({.first = begin, .from = begin, .changes = changes}, changes);
    input_may_be_any_text_ = outer_any;
    PrintInAnyOrder(output, outer);
  }
}

// Opens what `redirections` name, in their order, as bash does.
void Evaluator::Redirect(const Redirection* redirections, Streams* streams, Opened* opened) {
  for (const Redirection* next = redirections; next != nullptr; next = next->next) {
    Redirection each = *next;
    Field target;
    if (each.target != nullptr) {
      target = expander_.ExpandToOne(each.target->parts, false);
    }
    if (!each.variable.empty() && target.text != "-") {
      each.descriptor = NewDescriptor(each.variable);
    }
    switch (each.kind) {
      case Redirection::Kind::kHereString:
        target.text.append("\n");
        [[fallthrough]];
      case Redirection::Kind::kHereDocument:
        OpenText(each.descriptor, std::move(target.text), streams, opened);
        break;
      case Redirection::Kind::kInput:
        OpenInput(each.descriptor, target.text, streams, opened);
        break;
      case Redirection::Kind::kInputOutput:
        NoteWritten(target.text);
        each.descriptor == 0 ? OpenInput(0, target.text, streams, opened)
                             : OpenOutput(each, target.text, streams, opened);
        break;
      case Redirection::Kind::kOutput:
        OpenOutput(each, target.text, streams, opened);
        break;
      case Redirection::Kind::kDuplicate:
        Duplicate(each, target.text, streams, opened);
        break;
    }
  }
}

// The number that bash gives to {variable}.
int Evaluator::NewDescriptor(std::string_view variable) {
  const int last = descriptors_.empty() ? 0 : std::min(descriptors_.rbegin()->first, kLastDescriptor);
  const int number = std::max(kFirstFreeDescriptor, last + 1);
  NoteAssigned(variable);
  state_.Set(variable, KnownOrNot(std::to_string(number)));
  return number;
}

void Evaluator::OpenText(int descriptor, std::string text, Streams* streams, Opened* opened) {
  opened->inputs.push_back(std::move(text));
  if (descriptor == 0) {
    streams->input = &opened->inputs.back();
    streams->opened_at = uncertain_;
    streams->redirected = true;
    streams->file.clear();
    NoteOpened(*streams);
  } else {
    descriptors_[descriptor] = {&opened->inputs.back(), {}, nullptr};
  }
}

void Evaluator::OpenInput(int descriptor, std::string_view target, Streams* streams, Opened* opened) {
  const std::string path = AbsolutePath(target);
  NoteConnection(path);
  Descriptor source{nullptr, path, nullptr};
  if (!IsKnown(path) && IsKnown(target) && IsKnown(context_.cwd)) {
    read_files_.push_back(CleanPath(target, context_.cwd));  // which it may be
  }
  if (files_.IsWritten(path)) {
    opened->inputs.push_back(files_.Read(path).value_or(std::string()));
    source.input = &opened->inputs.back();
  }
  if (descriptor != 0) {
    descriptors_[descriptor] = std::move(source);
    return;
  }
  if (DescriptorOfPath(path) != 0) {
    streams->input = source.input;
    streams->opened_at = uncertain_;
    streams->file = source.input == nullptr ? source.file : std::string();
    streams->redirected = true;
    NoteOpened(*streams);
  }
}

void Evaluator::OpenOutput(const Redirection& redirection, std::string_view target, Streams* streams, Opened* opened) {
  const bool appends = redirection.operation.ends_with(">>") || redirection.operation == "<>";
  const std::string path = AbsolutePath(target);
  NoteConnection(path);
  std::string* text = nullptr;
  if (DescriptorOfPath(path) == 2) {
    text = streams->errors;
  } else if (DescriptorOfPath(path) == 1) {
    text = streams->output;
  } else if (!path.empty() && path != "/dev/null") {
    NoteWritten(target);
    const bool is_pipe = path.starts_with("/dev/fd/") && files_.IsWritten(path);
    const bool clobbers = appends || redirection.operation.ends_with(">|");
    may_have_failed_ = may_have_failed_ || MayNotBeWritten(path, clobbers);
    NoteMayFail(path, false);
    opened->outputs.push_back({path, {}, !appends && !is_pipe});
    open_outputs_.push_back(path);
    text = &opened->outputs.back().text;
  }
  if (redirection.descriptor == 1 || redirection.both) {
    streams->output = text;
    streams->output_file = text == nullptr ? std::string() : path;
  }
  if (redirection.descriptor == 2 || redirection.both) {
    streams->errors = text;
  }
  if (redirection.descriptor > 2) {
    descriptors_[redirection.descriptor] = {nullptr, {}, text};
  }
}

// <&3, >&3, 2>&1, >&-; and >&FILE, which is &>FILE.
void Evaluator::Duplicate(const Redirection& redirection, std::string_view target, Streams* streams, Opened* opened) {
  std::string_view number_text = target;
  if (number_text.size() > 1 && number_text.ends_with('-')) {
    number_text.remove_suffix(1);  // a descriptor that is moved
  }
  const int number = DescriptorNumber(number_text);
  const bool reads = redirection.descriptor == 0;
  if (number < 0 && target != "-" && !reads) {
    OpenOutput(redirection, target, streams, opened);
    return;
  }
  const auto found = descriptors_.find(number);
  const Descriptor source = found != descriptors_.end() ? found->second : Descriptor{};
  if (reads && number != 0) {
    streams->input = source.input;
    streams->file = source.file;
    streams->redirected = true;
    input_may_be_any_text_ = input_may_be_any_text_ || (found == descriptors_.end() && target != "-");
    return;
  }
  std::string* text = number == 1 ? streams->output : (number == 2 ? streams->errors : source.output);
  if (redirection.descriptor == 1) {
    streams->output = text;
  } else if (redirection.descriptor == 2) {
    streams->errors = text;
  } else if (redirection.descriptor > 2) {
    descriptors_[redirection.descriptor] =
        number == 0 ? Descriptor{streams->input, streams->file, nullptr} : Descriptor{source.input, source.file, text};
  }
}

// What was printed goes into the files now.
void Evaluator::Flush(Opened* opened) {
  for (Opened::Output& output : opened->outputs) {
    if (output.truncates) {
      files_.Write(output.path, output.text, IsCertainHere());
    } else if (!output.text.empty()) {
      files_.Append(output.path, output.text, IsCertainHere());
    }
    output.text.clear();
    output.truncates = false;
  }
}

// The text that a command reads, if it is known: from the text itself, or from a file. Null if nobody knows.
std::string* Evaluator::InputOf(const Streams& streams) {
  if (streams.input != nullptr || streams.file.empty()) {
    return streams.redirected ? streams.input : nullptr;
  }
  std::optional<std::string> text = files_.Read(streams.file);
  if (!text || !Spend(1 + text->size() / 256)) {
    return nullptr;
  }
  loaded_.push_back(std::move(*text));
  return &loaded_.back();
}

// Absolute and clean as far as it is known; empty only for an empty path.
std::string Evaluator::AbsolutePath(std::string_view path) const {
  if (path.empty()) {
    return {};
  }
  const bool is_relative = path[0] != '/' && path[0] != kUnknownPart;
  if (IsKnown(path) && (!is_relative || IsKnown(state_.cwd))) {
    return CleanPath(path, state_.cwd);
  }
  while (path.starts_with("./")) {
    path.remove_prefix(2);
  }
  return is_relative ? state_.cwd + "/" + std::string(path) : std::string(path);
}

// bash opens a connection for /dev/tcp/HOST/PORT, as nc would.
void Evaluator::NoteConnection(std::string_view path) {
  constexpr std::string_view kFolder = "/dev/tcp/";
  const std::size_t slash = path.starts_with(kFolder) ? path.find('/', kFolder.size()) : path.npos;
  if (slash == path.npos || context_.is_quiet_name == nullptr) {
    return;
  }
  const auto word = [this](std::string_view text) { return Word{std::string(text), std::string(text), false, span_}; };
  Report({word("nc"), word(path.substr(kFolder.size(), slash - kFolder.size())), word(path.substr(slash + 1))}, {});
}

}  // namespace safe_docker::shell
