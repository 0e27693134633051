// The part of the expander that gives variables their values: attributes, array elements, references, and what
// arithmetic reads and writes.
#include <algorithm>

#include "brace_expansion.hpp"
#include "expansion.hpp"
#include "syntax/lexer.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostValue = 65536;
constexpr std::size_t kMostElements = 4096;

std::string Unknown() { return std::string(1, kUnknownPart); }

// What makes nothing certain of an array.
void ForgetElements(ShellVariable* array) {
  array->state = Variable::State::kUnknown;
  array->elements.clear();
  array->value = Unknown();
}

}  // namespace

ArithmeticResult Expander::Evaluate(std::string_view expression) {
  if (!runner_->Spend(1 + expression.size() / 16)) {
    return {};
  }
  return EvaluateArithmetic(expression, this);
}

// Subscripts in arithmetic are expanded once more, whatever has been expanded already.
std::string Expander::ReadOperand(std::string_view name, std::optional<std::string_view> subscript) {
  if (!subscript) {
    const Value value = Lookup(name, nullptr);
    return value.is_set ? value.text : (IsKnown(value.text) ? std::string() : Unknown());
  }
  const std::string resolved = ResolvedName(name);
  const std::string expanded = ExpandAgain(*subscript);
  const Value value = resolved.empty() || !IsKnown(expanded) ? UnknownValue() : LookupElement(resolved, expanded);
  return value.text;
}

void Expander::WriteOperand(std::string_view name, std::optional<std::string_view> subscript,
                            std::optional<std::int64_t> value) {
  const std::string text = value ? std::to_string(*value) : Unknown();
  if (!subscript) {
    Assign(name, std::nullopt, text, false);
    return;
  }
  const std::string expanded = ExpandAgain(*subscript);
  Assign(name, expanded, text, false);
}

// The value that the attributes of `variable` make of an assigned one. `old` counts if it is appended to.
std::string Expander::WithAttributes(const ShellVariable& variable, std::string_view old, std::string value,
                                     bool append) {
  if (variable.is_integer) {
    const std::string expression = append ? "(" + std::string(old.empty() ? "0" : old) + ")+(" + value + ")" : value;
    const ArithmeticResult result = Evaluate(append && value.empty() ? old : std::string_view(expression));
    return result.status == ArithmeticResult::Status::kKnown ? std::to_string(result.value) : Unknown();
  }
  if (append) {
    value.insert(0, old);
  }
  if (value.size() > kMostValue || !runner_->Spend(1 + value.size() / 256)) {
    return Unknown();
  }
  return WithLetterCase(std::move(value), variable.letter_case);
}

void Expander::AssignElement(ShellVariable* array, std::string_view subscript, std::string value, bool append) {
  const bool known = array->state == Variable::State::kKnown;
  if (array->is_associative) {
    if (!known || !IsKnown(subscript) || array->elements.size() > kMostElements) {
      ForgetElements(array);
      return;
    }
    const ArrayElement* old = FindElement(*array, subscript);
    SetElement(array, subscript, WithAttributes(*array, old == nullptr ? "" : old->value, std::move(value), append));
    return;
  }
  const std::optional<std::int64_t> index = IndexOf(*array, subscript);
  if (!known || !index || array->elements.size() > kMostElements) {
    ForgetElements(array);
    return;
  }
  const ArrayElement* old = FindElement(*array, *index);
  SetElement(array, *index, WithAttributes(*array, old == nullptr ? "" : old->value, std::move(value), append));
}

// What assigning means to bash's own variables. True if that is all.
bool Expander::AssignSpecial(std::string_view name, std::optional<std::string_view> subscript,
                             const std::string& value) {
  if ((name == "BASH_ALIASES" || name == "BASH_CMDS") && subscript) {
    state_->aliases[std::string(*subscript)] = value;
    return true;
  }
  constexpr std::array<std::string_view, 5> kIntegers = {"OPTIND", "RANDOM", "SECONDS", "LINENO", "HISTCMD"};
  if (std::find(kIntegers.begin(), kIntegers.end(), name) != kIntegers.end()) {
    Evaluate(value);  // bash does, and runs what stands in subscripts
  }
  if (name == "PWD") {
    state_->Set("PWD", UnknownVariable());
    return true;
  }
  return name == "_";
}

void Expander::Assign(std::string_view name, std::optional<std::string_view> subscript, std::string value,
                      bool append) {
  runner_->NoteAssigned(name);
  const std::string resolved = ResolvedName(name);
  auto [target, element] = SplitReference(resolved);
  if (target.empty()) {
    state_->Set(name, UnknownVariable());
    runner_->NoteTooMuch();
    return;
  }
  if (target != name) {
    runner_->NoteAssigned(target);
  }
  std::string expanded;
  if (element && !subscript) {
    expanded = ExpandAgain(*element);
    subscript = expanded;
  }
  if (AssignSpecial(target, subscript, value)) {
    return;
  }
  ShellVariable variable = state_->Get(target);
  const bool inherited = variable.state == Variable::State::kUnset && !state_->Has(target);
  if (variable.is_reference && variable.value.empty()) {  // declare -n name: the first value is what it refers to
    variable.value = std::move(value);
    variable.state = KnownOrNot(variable.value).state;
    state_->Set(target, std::move(variable));
    return;
  }
  variable.is_identifier = false;
  variable.words = PrintedWords::kAny;
  variable.alternatives.clear();
  if (subscript && !variable.is_array) {
    MakeArray(&variable, false);
  }
  if (variable.is_array) {
    AssignElement(&variable, subscript.value_or("0"), std::move(value), append);
  } else {
    const std::string old = append && inherited ? Unknown() : variable.value;
    variable.value = WithAttributes(variable, old, std::move(value), append);
    variable.state = KnownOrNot(variable.value).state;
  }
  state_->Set(target, std::move(variable));
}

bool Expander::AssignTo(std::string_view reference, std::string value, bool append) {
  const auto [name, subscript] = SplitReference(reference);
  if (name.empty()) {
    if (reference.find_first_of("$`") != std::string_view::npos) {
      runner_->NoteComputed(reference);
    }
    return false;
  }
  if (!subscript) {
    Assign(name, std::nullopt, std::move(value), append);
  } else {
    const std::string expanded = ExpandAgain(*subscript);
    Assign(name, expanded, std::move(value), append);
  }
  return true;
}

// Whether braces make several words of `word`, which then is no assignment.
bool Expander::BraceExpands(const SyntaxWord& word) const {
  return word.has_brace && state_->options.braceexpand != Setting::kOff && ExpandBraces(word, arena_).words.size() != 1;
}

void Expander::AppendElements(const SyntaxWord* elements, ShellVariable* array) {
  std::int64_t next = array->elements.empty() || array->is_associative ? 0 : array->elements.back().index + 1;
  std::optional<std::string> pending_key;
  for (const SyntaxWord* word = elements; word != nullptr; word = word->next) {
    if (const Assignment* element = word->assignment; element != nullptr && !BraceExpands(*word)) {
      const std::string subscript = ExpandToOne(element->subscript, false).text;
      std::string value = ExpandToOne(element->value->parts, true).text;
      AssignElement(array, subscript, std::move(value), element->append);
      const std::optional<std::int64_t> index = array->is_associative ? std::nullopt : IndexOf(*array, subscript);
      next = index ? *index + 1 : next;
      continue;
    }
    std::vector<Field> fields;
    Expand(*word, WordPlace::kElement, &fields);
    if (!runner_->Spend(2 * fields.size())) {
      ForgetElements(array);
      return;
    }
    std::vector<Field> paths;
    for (Field& field : fields) {
      if (field.globs.empty()) {
        paths.push_back(std::move(field));
      } else {
        ExpandPath(std::move(field), &paths);
      }
    }
    for (Field& field : paths) {
      if (field.may_split || array->state != Variable::State::kKnown || array->elements.size() > kMostElements) {
        ForgetElements(array);
      } else if (!array->is_associative) {
        SetElement(array, next++, WithAttributes(*array, "", std::move(field.text), false));
      } else if (!pending_key) {
        pending_key = std::move(field.text);
      } else {
        AssignElement(array, *pending_key, std::move(field.text), false);
        pending_key.reset();
      }
    }
  }
  if (pending_key) {
    AssignElement(array, *pending_key, "", false);
  }
}

void Expander::AssignElements(std::string_view name, const SyntaxWord* elements, bool append) {
  runner_->NoteAssigned(name);
  const std::string resolved = ResolvedName(name);
  const auto [target, element] = SplitReference(resolved);
  ShellVariable array = target.empty() || element ? UnknownVariable() : state_->Get(target);
  const bool unsure = (append && array.state == Variable::State::kUnknown) || target.empty() || element;
  const bool associative = array.is_associative;
  if (!append) {
    array.elements.clear();
    array.value.clear();
    array.state = Variable::State::kUnset;
    array.is_array = false;
  }
  const bool was_known_array = array.is_array && array.state == Variable::State::kKnown;
  if (!was_known_array) {
    MakeArray(&array, associative);
    array.state = Variable::State::kKnown;
  }
  if (append && !state_->Has(target)) {
    array.is_array = true;
  }
  AppendElements(elements, &array);
  if (unsure) {
    ForgetElements(&array);
  }
  if (name == "BASH_ALIASES") {
    for (const ArrayElement& each : array.elements) {
      state_->aliases[each.key] = each.value;
    }
  }
  state_->Set(target.empty() ? name : target, std::move(array));
}

void Expander::UnsetReference(std::string_view reference) {
  const auto [name, subscript] = SplitReference(reference);
  if (name.empty()) {
    if (reference.find_first_of("$`") != std::string_view::npos) {
      runner_->NoteComputed(reference);
    }
    return;
  }
  runner_->NoteAssigned(name);
  const std::string target = ResolvedName(name);
  if (target.empty() || !SplitReference(target).first.size()) {
    state_->Set(name, UnknownVariable());
    return;
  }
  if (!subscript) {
    state_->Unset(target);
    return;
  }
  ShellVariable array = state_->Get(target);
  const std::string expanded = ExpandAgain(*subscript);
  const bool whole = expanded == "@" || expanded == "*";
  if (!array.is_array) {
    const bool first = array.state == Variable::State::kUnset || expanded == "0";
    first ? state_->Unset(target) : state_->Set(target, UnknownVariable());
    return;
  }
  const std::optional<std::int64_t> index = array.is_associative ? 0 : IndexOf(array, expanded);
  const bool known = IsKnown(expanded) && (array.is_associative || index);
  if (whole && !array.is_associative) {
    array.elements.clear();
    array.value.clear();
    array.state = Variable::State::kKnown;
  } else if (whole || !known || array.state != Variable::State::kKnown) {
    ForgetElements(&array);
  } else {
    std::erase_if(array.elements, [&](const ArrayElement& each) {
      return array.is_associative ? each.key == expanded : each.index == *index;
    });
  }
  state_->Set(target, std::move(array));
}

}  // namespace safe_docker::shell
