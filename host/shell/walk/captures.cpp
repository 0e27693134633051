// The part of the evaluator that follows command substitutions: what a command prints becomes a part of a word.
#include "evaluator.hpp"

namespace safe_docker::shell {
namespace {

// Whether a here-document stands in a list, outside of the groups and conditions in it.
bool HasHereDocument(const Command* command) {
  for (; command != nullptr; command = command->next) {
    for (const Redirection* each = command->redirections; each != nullptr; each = each->next) {
      if (each->kind == Redirection::Kind::kHereDocument) {
        return true;
      }
    }
    const bool is_list = command->kind == Command::Kind::kList || command->kind == Command::Kind::kAndOr ||
                         command->kind == Command::Kind::kPipeline;
    if (is_list && HasHereDocument(command->first)) {
      return true;
    }
  }
  return false;
}

}  // namespace

// Whether `command` is one program that is called plainly, so that it prints what it says it does.
bool Evaluator::IsPlainCall(const Command& command) const {
  const Command* only = command.kind == Command::Kind::kList ? command.first : nullptr;
  const bool simple = only != nullptr && only->next == nullptr && only->kind == Command::Kind::kSimple &&
                      only->words != nullptr && only->assignments == nullptr && !only->background;
  const bool may_print_one = simple && (MayPrintOneWord(only->words->written) || names_.Contains(only->words->written));
  if (!may_print_one || state_.Has("PATH") || state_.functions.find(only->words->written) != state_.functions.end() ||
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

// The file of $(<FILE); null if the substitution is something else.
const Redirection* Evaluator::OnlyInput(const Command& command) {
  const Command* only = command.first;
  const bool lonely = only != nullptr && only->next == nullptr && only->kind == Command::Kind::kSimple &&
                      only->words == nullptr && only->assignments == nullptr && only->redirections != nullptr &&
                      only->redirections->next == nullptr;
  const bool reads = lonely && only->redirections->kind == Redirection::Kind::kInput;
  return reads && only->redirections->target != nullptr ? only->redirections : nullptr;
}

Captured Evaluator::Capture(const Command& command) {
  std::string output;
  if (const Redirection* file = OnlyInput(command); file != nullptr) {
    const std::string path = AbsolutePath(expander_.ExpandToOne(file->target->parts, false).text);
    output = path.empty() ? std::string(1, kUnknownPart) : files_.Read(path).value_or(std::string());
    mentions_ += names_.MentionedIn(output) ? 1 : 0;
  } else {
    printed_ = PrintedWords::kAny;
    Streams streams;
    streams.output = &output;
    const OwnOutput own(this, true);
    // bash 5.2 runs a substitution as it would print it, and behind a here-document it loses a semicolon then:
    // "mkdir a; cd a" becomes one command.
    const int may_be_joined = HasHereDocument(command.first) ? 1 : 0;
    uncertain_ += may_be_joined;
    ExecuteIsolated(command, streams);
    uncertain_ -= may_be_joined;
  }
  output.resize(output.find_last_not_of('\n') + 1);
  const bool one_program = output == std::string(1, kUnknownPart) && IsPlainCall(command);
  return {std::move(output), one_program ? printed_ : PrintedWords::kAny};
}

}  // namespace safe_docker::shell
