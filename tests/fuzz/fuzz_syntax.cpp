// Shell text to a syntax tree and back: no crash, every node's place is in the text, and what is printed parses to a
// tree that prints the same.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "shell/syntax/printer.hpp"

namespace {

using namespace safe_docker::shell;

void Require(bool holds, const char* rule, std::string_view text) {
  if (!holds) {
    std::fprintf(stderr, "broken: %s\n%.*s\n", rule, static_cast<int>(text.size()), text.data());
    std::abort();
  }
}

// Looks at every node of a tree.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  void Visit(const Command* command) {
    for (; command != nullptr; command = command->next) {
      RequireInText(command->written);
      for (const Assignment* each = command->assignments; each != nullptr; each = each->next) {
        RequireInText(each->written);
        VisitWords(each->value);
      }
      VisitWords(command->words);
      VisitRedirections(command->redirections);
      for (const CaseItem* each = command->compound->items; each != nullptr; each = each->next) {
        RequireInText(each->written);
        VisitWords(each->patterns);
        Visit(each->body);
      }
      Visit(command->first);
      Visit(command->second);
      Visit(command->compound->third);
    }
  }

  bool all_terminated() const { return all_terminated_; }

 private:
  void VisitRedirections(const Redirection* redirection) {
    for (; redirection != nullptr; redirection = redirection->next) {
      RequireInText(redirection->written);
      VisitWords(redirection->delimiter);
      if (redirection->kind == Redirection::Kind::kHereDocument) {
        all_terminated_ = all_terminated_ && redirection->terminated;
      } else {
        VisitWords(redirection->target);
      }
    }
  }

  void VisitWords(const SyntaxWord* word) {
    for (; word != nullptr; word = word->next) {
      RequireInText(word->written);
      VisitParts(word->parts);
      VisitWords(word->elements);
    }
  }

  void VisitParts(const Part* part) {
    for (; part != nullptr; part = part->next) {
      RequireInText(part->written);
      VisitParts(part->expansion->index);
      VisitParts(part->expansion->argument);
      VisitParts(part->expansion->second_argument);
      const std::string_view outer = text_;
      text_ = part->form == Part::Form::kBackquote ? std::string_view() : text_;
      Visit(part->expansion->command);
      text_ = outer;
    }
  }

  void RequireInText(std::string_view written) const {
    const std::less<const char*> before;
    const bool outside =
        before(written.data(), text_.data()) || before(text_.data() + text_.size(), written.data() + written.size());
    Require(text_.empty() || written.empty() || !outside, "a place is in the text", text_);
  }

  std::string_view text_;
  bool all_terminated_ = true;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Arena arena;
  const Program program = Parse(text, &arena, 0);
  Require(program.error.offset <= text.size(), "an error is in the text", text);
  Require(program.failure == Failure::kNone || !Describe(program.error, text).empty(), "an error has words", text);
  Walk walk(text);
  walk.Visit(program.commands);
  if (program.has_late_body || !walk.all_terminated()) {
    return 0;
  }
  const std::string printed = Print(program);
  Arena second_arena;
  const Program second = Parse(printed, &second_arena, 0);
  if (second.failure != Failure::kTooDeep) {
    Require(second.failure == Failure::kNone, "what is printed parses", printed);
    Require(Print(second) == printed, "what is printed prints the same", printed);
  }
  return 0;
}
