// The part of the evaluator that expands the words of a command and gives variables their values.
#include <algorithm>
#include <string>

#include "evaluator.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostOutput = 65536;

bool IsDeclaration(const SyntaxWord& word) {
  const std::string_view name = word.written;
  return name == "export" || name == "declare" || name == "local" || name == "readonly" || name == "typeset";
}

// Whether @(...) or its like stands in the word, in quotes or not.
bool MayBeExtendedPattern(std::string_view written) {
  for (std::size_t at = written.find('('); at != std::string_view::npos; at = written.find('(', at + 1)) {
    if (at > 0 && std::string_view("@!+?*").find(written[at - 1]) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

// What a glob becomes depends on the files that are there.
void HideGlobs(Field* field) {
  const std::size_t last_bracket = field->text.rfind(']');
  std::string hidden;
  std::size_t at = 0;
  for (const std::uint32_t glob : field->globs) {
    const bool bracket = field->text[glob] == '[';
    if (glob < at || (bracket && (last_bracket == std::string::npos || last_bracket < glob))) {
      continue;
    }
    hidden.append(field->text, at, glob - at);
    if (!hidden.ends_with(kUnknownPart)) {
      hidden.push_back(kUnknownPart);
    }
    at = (bracket ? field->text.find(']', glob) : glob) + 1;
    field->may_split = true;
  }
  hidden.append(field->text, at);
  field->text = std::move(hidden);
}

}  // namespace

Evaluator::Words Evaluator::ExpandWords(const SyntaxWord* words) {
  Words result;
  const bool declaration = words != nullptr && IsDeclaration(*words);
  std::vector<Field> fields;
  for (const SyntaxWord* word = words; word != nullptr; word = word->next) {
    fields.clear();
    expander_.Expand(*word, declaration, &fields);
    if (!Spend(fields.size())) {
      return result;
    }
    for (Field& field : fields) {
      const bool in_command_place = result.empty();
      const std::string_view name = in_command_place ? names_.MayBe(field.text, field.globs) : std::string_view();
      if (!field.globs.empty() && name.empty()) {
        HideGlobs(&field);
      } else if (!field.globs.empty()) {
        field.text = std::string(name);
      }
      if (globs_may_vanish_ && (!field.globs.empty() || MayBeExtendedPattern(word->written))) {
        field.text.insert(0, in_command_place && !name.empty() ? 0 : 1, kUnknownPart);
        field.may_split = true;
      }
      result.push_back({std::move(field.text), std::string(word->written), field.may_split, SpanOf(word->written)});
    }
    if (word->is_array) {
      NoteAssigned(std::string_view(word->written).substr(0, word->written.find_first_of("+=(")));
      for (const SyntaxWord* element = word->elements; element != nullptr; element = element->next) {
        fields.clear();
        expander_.Expand(*element, false, &fields);
      }
      result.back().text.push_back(kUnknownPart);
    }
  }
  return result;
}

ShellVariable Evaluator::ValueOf(const Assignment& assignment) {
  const ShellVariable old = state_.Get(assignment.name);
  if (assignment.value->is_array) {
    ShellVariable array;
    array.is_array = true;
    array.state = Variable::State::kKnown;
    const bool extends = assignment.append && old.is_array && old.state == Variable::State::kKnown;
    const bool unsure = assignment.append && !extends;
    if (extends) {
      array.elements = old.elements;
    }
    bool known = !unsure;
    for (const SyntaxWord* element = assignment.value->elements; element != nullptr; element = element->next) {
      std::vector<Field> fields;
      expander_.Expand(*element, false, &fields);
      for (Field& field : fields) {
        known = known && !field.may_split && field.globs.empty() && !field.text.starts_with('[');
        array.elements.push_back(std::move(field.text));
      }
    }
    if (!known || !Spend(array.elements.size())) {
      array.state = Variable::State::kUnknown;
      array.elements.clear();
      array.value.assign(1, kUnknownPart);
    }
    return array;
  }
  std::string value = expander_.ExpandToOne(assignment.value->parts, true).text;
  if (assignment.subscript != nullptr || (assignment.append && old.is_array)) {
    if (assignment.subscript != nullptr) {
      expander_.ExpandToOne(assignment.subscript, false);
    }
    ShellVariable array = UnknownVariable();
    array.is_array = true;
    return array;
  }
  if (assignment.append) {
    const bool nothing = old.state == Variable::State::kUnset && state_.Has(assignment.name);
    value.insert(0, old.state == Variable::State::kUnset && !nothing ? std::string(1, kUnknownPart) : old.value);
  }
  if (value.size() > kMostOutput || !Spend(value.size() / 256)) {
    value.assign(1, kUnknownPart);
  }
  return KnownOrNot(std::move(value));
}

void Evaluator::Assign(const Assignment& assignment) {
  NoteAssigned(assignment.name);
  const std::size_t mentions = mentions_;
  ShellVariable value = ValueOf(assignment);
  const std::string_view written = assignment.value->written;
  if (value.state == Variable::State::kUnknown &&
      (mentions_ > mentions || names_.MentionedIn(written) || RefersToMention(written))) {
    tainted_.emplace(assignment.name);
  }
  NoteCode(assignment.name, value);
  state_.Set(assignment.name, std::move(value));
  if (assignment.name == "PWD") {
    state_.Set("PWD", UnknownVariable());
  }
}

}  // namespace safe_docker::shell
