// The part of the parser that reads simple commands: words, assignments and array literals.
#include <algorithm>
#include <array>

#include "parser.hpp"

namespace safe_docker::shell {
namespace {

// Whether `assignment` ends behind its '='.
bool HasNoValue(const Assignment* assignment) {
  return assignment != nullptr && assignment->value->parts->text.empty() && assignment->value->parts->next == nullptr &&
         assignment->value->parts->kind == Part::Kind::kLiteral;
}

// Whether bash takes name=(...) behind this command word.
bool IsDeclaration(const SyntaxWord& word) {
  constexpr std::array<std::string_view, 8> kDeclarations = {"declare",  "typeset", "local", "export",
                                                             "readonly", "eval",    "alias", "let"};
  return std::find(kDeclarations.begin(), kDeclarations.end(), word.written) != kDeclarations.end();
}

}  // namespace

void Parser::ParseSimple(Command* command) {
  SimpleCommand simple;
  while (!failed()) {
    SkipBlanks();
    if (AtEnd()) {
      break;
    }
    if (!ParseRedirection(&simple.redirections) && !ParseSimpleWord(command, &simple)) {
      break;
    }
  }
  if (command->kind == Command::Kind::kFunction) {
    return;
  }
  if (simple.empty()) {
    Fail("expected a command");
  }
  command->words = simple.words.first;
  command->assignments = simple.assignments.first;
  command->redirections = simple.redirections.first;
}

// False if no word follows, or if what was begun is a function's definition.
bool Parser::ParseSimpleWord(Command* command, SimpleCommand* simple) {
  const std::size_t begin = position_;
  const bool first = simple->words.first == nullptr;
  SyntaxWord* word = ReadWord(first ? WordMode::kAssignment : WordMode::kPlain);
  if (word == nullptr || failed()) {
    return false;
  }
  if ((first || simple->declares) && Peek() == '(' && word->written.ends_with('=') &&
      HasNoValue(AsAssignment(word, false))) {
    ReadArrayOfWord(word, begin);
  }
  if (first) {
    if (Assignment* assignment = AsAssignment(word, false); assignment != nullptr) {
      simple->assignments.Add(assignment);
      return true;
    }
    if (simple->empty() && ParseFunctionParenthesis(command, word)) {
      return false;
    }
    simple->declares = IsDeclaration(*word);
  } else if (simple->declares) {
    word->assignment = AsAssignment(word, false);
  }
  simple->words.Add(word);
  return true;
}

// The (...) of name=(...), which stands at the position.
void Parser::ReadArrayOfWord(SyntaxWord* word, std::size_t begin) {
  const std::size_t open = position_++;
  word->is_array = true;
  word->elements = ParseArray();
  ExplainFailure(open, "this parenthesis is never closed");
  word->written = WrittenSince(begin);
  if (!AtEnd() && !EndsWord(Peek())) {
    FlattenArray(word, begin);
  }
}

// name=(elements)more: bash makes a plain text of it, in which all expands.
void Parser::FlattenArray(SyntaxWord* word, std::size_t begin) {
  NodeList<Part> parts;
  const auto add = [&](const Part* list) {
    for (const Part* part = list; part != nullptr; part = part->next) {
      Part* copy = arena_->New<Part>();
      *copy = *part;
      copy->next = nullptr;
      parts.Add(copy);
    }
  };
  const auto add_text = [&](std::string_view text) {
    Part* part = arena_->New<Part>();
    part->text = text;
    parts.Add(part);
  };
  add(word->parts);
  add_text("(");
  for (const SyntaxWord* element = word->elements; element != nullptr; element = element->next) {
    add(element->parts);
    add_text(element->next == nullptr ? "" : " ");
  }
  add_text(")");
  if (const SyntaxWord* rest = ReadWord(WordMode::kPlain); rest != nullptr) {
    add(rest->parts);
  }
  word->is_array = false;
  word->elements = nullptr;
  word->parts = parts.first;
  word->written = WrittenSince(begin);
}

// name=( ... ) from behind the opening parenthesis.
const SyntaxWord* Parser::ParseArray() {
  NodeList<SyntaxWord> elements;
  while (!failed()) {
    SkipNewlines();
    if (!AtEnd() && Take(")")) {
      break;
    }
    SyntaxWord* word = ReadWord(WordMode::kElement);
    if (word == nullptr || failed()) {
      Fail(AtEnd() ? "" : "expected a word or ')'");
      break;
    }
    word->assignment = AsAssignment(word, true);
    elements.Add(word);
  }
  return elements.first;
}

// The assignment that `word` is, or null. Its value shares the word's parts. Elements of arrays have no name.
Assignment* Parser::AsAssignment(SyntaxWord* word, bool is_element) {
  const Part* first = word->parts;
  if (first == nullptr) {
    return nullptr;
  }
  const Part* subscript = first;
  std::string_view name;
  if (!is_element && first->kind == Part::Kind::kLiteral && !first->quoted) {
    name = first->text;
    subscript = first->next;
  }
  const bool has_subscript = subscript != nullptr && subscript->kind == Part::Kind::kArraySubscript;
  const Part* literal = has_subscript ? subscript->next : first;
  if (literal == nullptr || literal->kind != Part::Kind::kLiteral || literal->quoted ||
      (is_element && !has_subscript)) {
    return nullptr;
  }
  const std::size_t equals = literal->text.find('=');
  if (equals == std::string_view::npos) {
    return nullptr;
  }
  const bool append = equals > 0 && literal->text[equals - 1] == '+';
  const std::string_view before = literal->text.substr(0, equals - (append ? 1 : 0));
  name = has_subscript ? name : before;
  if ((!is_element && !IsName(name)) || (has_subscript && !before.empty())) {
    return nullptr;
  }
  Assignment* assignment = arena_->New<Assignment>();
  assignment->name = name;
  assignment->written = word->written;
  assignment->append = append;
  assignment->subscript = has_subscript ? subscript->expansion->argument : nullptr;
  assignment->value = ValueOf(*word, *literal, equals + 1);
  return assignment;
}

// The value of the assignment `word`: what stands in `literal` from `begin` on, and all behind it.
const SyntaxWord* Parser::ValueOf(const SyntaxWord& word, const Part& literal, std::size_t begin) const {
  Part* first = arena_->New<Part>();
  first->text = literal.text.substr(begin);
  // Of a literal with continued lines in it only the end is sure.
  const std::size_t size = literal.text.size() == literal.written.size() ? first->text.size() : 0;
  first->written = literal.written.substr(literal.written.size() - size);
  first->next = literal.next;
  SyntaxWord* value = arena_->New<SyntaxWord>();
  value->parts = first->text.empty() && first->next != nullptr ? first->next : first;
  value->written = word.written;
  value->has_brace = word.has_brace;
  value->quoted = word.quoted;
  value->is_array = word.is_array;
  value->elements = word.elements;
  return value;
}

}  // namespace safe_docker::shell
