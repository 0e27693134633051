#include "evaluator.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "failure.hpp"
#include "functions.hpp"

namespace safe_docker::bake {
namespace {

constexpr std::size_t kMaxWork = std::size_t{2} << 20;
constexpr int kMaxEvaluations = 400;  // one in another

std::optional<double> NumberOf(const Expression& expression) {
  constexpr std::size_t kMostDigits = 15;
  const std::string_view text = expression.text;
  const bool is_whole =
      !text.empty() && text.size() <= kMostDigits && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_whole) {
    return std::nullopt;
  }
  double number = 0;
  for (const char digit : text) {
    number = number * 10 + (digit - '0');
  }
  return number;
}

Value Calculate(std::string_view sign, double left, double right) {
  const auto exact = [](double number) { return IsWhole(number) ? NumberValue(number) : Value{}; };
  if (sign == "+") {
    return exact(left + right);
  }
  if (sign == "-") {
    return exact(left - right);
  }
  if (sign == "*") {
    return exact(left * right);
  }
  if (sign == "<") {
    return BooleanValue(left < right);
  }
  if (sign == ">") {
    return BooleanValue(left > right);
  }
  if (sign == "<=") {
    return BooleanValue(left <= right);
  }
  return sign == ">=" ? BooleanValue(left >= right) : Value{};
}

const Value* FindName(std::string_view name, const Scope* scope) {
  for (; scope != nullptr; scope = scope->outer) {
    const auto found = std::ranges::find(scope->names, name);
    if (found != scope->names.end()) {
      return &scope->values[static_cast<std::size_t>(found - scope->names.begin())];
    }
  }
  return nullptr;
}

// The order in which HCL goes through a collection: maps by their keys.
std::vector<std::size_t> OrderOf(const Value& collection) {
  std::vector<std::size_t> order(collection.items->size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (collection.kind == Kind::kMap) {
    std::ranges::sort(order, {}, [&](std::size_t index) { return std::string_view((*collection.keys)[index]); });
  }
  return order;
}

// The names that a function gives its parameters; nothing if they are no plain names.
std::optional<std::vector<std::string>> ParametersOf(const Block& function) {
  const bake::Attribute* parameters = Find(function.body, "params");
  if (parameters == nullptr || parameters->value.form != Form::kList ||
      Find(function.body, "variadic_params") != nullptr) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const Expression& name : parameters->value.parts) {
    if (name.form != Form::kVariable) {
      return std::nullopt;
    }
    names.push_back(name.text);
  }
  return names;
}

}  // namespace

void Evaluator::Count(const Expression& expression, std::size_t amount) {
  work_ += amount;
  if (work_ > kMaxWork) {
    FailMalformed(expression.place, "the file becomes too large to be checked once everything is evaluated");
  }
}

Value Evaluator::Evaluate(const Expression& expression, const Scope* scope) {
  if (++depth_ > kMaxEvaluations) {
    FailMalformed(expression.place, "nested too deeply to be checked");
  }
  Value value = ValueOf(expression, scope);
  --depth_;
  Count(expression, 16 + value.text.size() + (value.items == nullptr ? 0 : value.items->size()));
  value.place = expression.place;
  return value;
}

Value Evaluator::ValueOf(const Expression& expression, const Scope* scope) {
  switch (expression.form) {
    case Form::kNull:
      return NullValue();
    case Form::kBoolean:
      return BooleanValue(expression.text == "true");
    case Form::kNumber: {
      const std::optional<double> number = NumberOf(expression);
      return number ? NumberValue(*number) : Value{};
    }
    case Form::kText:
      return TextValue(expression.text);
    case Form::kTemplate:
      return Template(expression, scope);
    case Form::kVariable:
      return Variable(expression, scope);
    case Form::kAttribute:
      return Attribute(expression, scope);
    case Form::kIndex:
      return Index(expression, scope);
    case Form::kCall:
      return Call(expression, scope);
    case Form::kList:
      return List(expression, scope);
    case Form::kMap:
      return Map(expression, scope);
    case Form::kUnary:
      return Unary(expression, scope);
    case Form::kBinary:
      return Binary(expression, scope);
    case Form::kConditional:
      return Conditional(expression, scope);
    case Form::kForList:
    case Form::kForMap:
      return For(expression, scope);
    case Form::kOpaque:
      break;
  }
  return {};
}

Value Evaluator::Template(const Expression& expression, const Scope* scope) {
  if (expression.parts.size() == 1) {
    return Evaluate(expression.parts[0], scope);
  }
  std::string text;
  for (const Expression& part : expression.parts) {
    text += TextOf(Evaluate(part, scope));
    Count(expression, text.size());
  }
  // What takes blanks or text away reaches beyond its own place.
  const bool is_opaque =
      std::ranges::find(expression.parts, Form::kOpaque, &Expression::form) != expression.parts.end();
  return is_opaque ? Value{} : TextValue(text);
}

Value Evaluator::Variable(const Expression& expression, const Scope* scope) {
  const Value* found = FindName(expression.text, scope);
  return found != nullptr ? *found : names_.Variable(expression.text);
}

Value Evaluator::Attribute(const Expression& expression, const Scope* scope) {
  const Expression& object = expression.parts[0];
  const bool is_field = object.form == Form::kAttribute && object.parts[0].form == Form::kVariable &&
                        (object.parts[0].text == "target" || object.parts[0].text == "group");
  if (is_field && FindName(object.parts[0].text, scope) == nullptr) {
    return names_.Field(object.parts[0].text, object.text, expression.text);
  }
  const Value value = Evaluate(object, scope);
  const Value* found = FindItem(value, expression.text);
  return found != nullptr && IsKnown(value) ? *found : Value{};
}

Value Evaluator::Index(const Expression& expression, const Scope* scope) {
  const Value collection = Evaluate(expression.parts[0], scope);
  const Value key = Evaluate(expression.parts[1], scope);
  if (!IsKnown(key) || collection.items == nullptr) {
    return {};
  }
  if (collection.kind == Kind::kMap) {
    const Value* found = FindItem(collection, TextOf(key));
    return found != nullptr && IsKnown(collection) ? *found : Value{};
  }
  const bool is_inside = key.kind == Kind::kNumber && key.number >= 0 && IsWhole(key.number) &&
                         key.number < static_cast<double>(collection.items->size());
  return is_inside ? (*collection.items)[static_cast<std::size_t>(key.number)] : Value{};
}

Value Evaluator::Call(const Expression& expression, const Scope* scope) {
  std::vector<Value> arguments;
  arguments.reserve(expression.parts.size());
  for (const Expression& part : expression.parts) {
    arguments.push_back(Evaluate(part, scope));
  }
  const Block* own = names_.Function(expression.text);
  return own != nullptr ? CallOwn(*own, arguments) : CallFunction(expression.text, arguments);
}

Value Evaluator::CallOwn(const Block& function, const std::vector<Value>& arguments) {
  std::optional<std::vector<std::string>> names = ParametersOf(function);
  const bake::Attribute* result = Find(function.body, "result");
  if (!names || result == nullptr || names->size() != arguments.size()) {
    return {};
  }
  const Scope scope{nullptr, std::move(*names), arguments};
  return Evaluate(result->value, &scope);
}

Value Evaluator::List(const Expression& expression, const Scope* scope) {
  std::vector<Value> items;
  items.reserve(expression.parts.size());
  for (const Expression& part : expression.parts) {
    items.push_back(Evaluate(part, scope));
  }
  return ListValue(std::move(items));
}

Value Evaluator::Map(const Expression& expression, const Scope* scope) {
  std::vector<std::string> keys;
  std::vector<Value> items;
  for (std::size_t index = 0; index + 1 < expression.parts.size(); index += 2) {
    const std::string key = TextOf(Evaluate(expression.parts[index], scope));
    Value item = Evaluate(expression.parts[index + 1], scope);
    const auto at = std::ranges::find(keys, key);
    Count(expression, keys.size());
    if (at == keys.end() || key.find('\0') != std::string::npos) {
      keys.push_back(key);
      items.push_back(std::move(item));
    } else {  // the last one counts
      items[static_cast<std::size_t>(at - keys.begin())] = std::move(item);
    }
  }
  return MapValue(std::move(keys), std::move(items));
}

Value Evaluator::Unary(const Expression& expression, const Scope* scope) {
  const Value value = Evaluate(expression.parts[0], scope);
  if (expression.text == "-") {
    return value.kind == Kind::kNumber ? NumberValue(-value.number) : Value{};
  }
  const Truth truth = TruthOf(value);
  return truth == Truth::kUnknown ? Value{} : BooleanValue(truth == Truth::kFalse);
}

Value Evaluator::Binary(const Expression& expression, const Scope* scope) {
  const std::string_view sign = expression.text;
  const Value left = Evaluate(expression.parts[0], scope);
  const Value right = Evaluate(expression.parts[1], scope);
  const std::vector<Value> both = {left, right};
  if (sign == "==") {
    return CallFunction("equal", both);
  }
  if (sign == "!=") {
    return CallFunction("notequal", both);
  }
  if (sign == "&&") {
    return CallFunction("and", both);
  }
  if (sign == "||") {
    return CallFunction("or", both);
  }
  const bool are_numbers = left.kind == Kind::kNumber && right.kind == Kind::kNumber;
  return are_numbers ? Calculate(sign, left.number, right.number) : Value{};
}

Value Evaluator::Conditional(const Expression& expression, const Scope* scope) {
  const Truth truth = TruthOf(Evaluate(expression.parts[0], scope));
  if (truth != Truth::kUnknown) {
    return Evaluate(expression.parts[truth == Truth::kTrue ? 1 : 2], scope);
  }
  Value one = Evaluate(expression.parts[1], scope);
  const Value other = Evaluate(expression.parts[2], scope);
  return AreEqual(one, other) == Truth::kTrue ? one : Value{};
}

Value Evaluator::For(const Expression& expression, const Scope* scope) {
  const Value collection = Evaluate(expression.parts[0], scope);
  if (collection.items == nullptr || (collection.kind == Kind::kMap && !IsKnown(collection))) {
    return {};
  }
  const bool is_map = expression.form == Form::kForMap;
  const std::size_t value_at = is_map ? 2 : 1;
  const bool has_condition = expression.parts.size() > value_at + 1;
  std::vector<std::string> keys;
  std::vector<Value> items;
  for (const std::size_t index : OrderOf(collection)) {
    const Value key =
        collection.kind == Kind::kMap ? TextValue((*collection.keys)[index]) : NumberValue(static_cast<double>(index));
    Scope inner{scope};
    inner.names = {expression.text, expression.other};
    inner.values = {(*collection.items)[index], key};
    if (expression.other.empty()) {
      inner.names.pop_back();
    } else {
      std::swap(inner.values[0], inner.values[1]);
    }
    const Truth truth = has_condition ? TruthOf(Evaluate(expression.parts[value_at + 1], &inner)) : Truth::kTrue;
    if (truth == Truth::kUnknown) {
      return {};
    }
    if (truth == Truth::kTrue) {
      keys.push_back(is_map ? TextOf(Evaluate(expression.parts[1], &inner)) : std::string{});
      items.push_back(Evaluate(expression.parts[value_at], &inner));
    }
  }
  return is_map ? MapValue(std::move(keys), std::move(items)) : ListValue(std::move(items));
}

}  // namespace safe_docker::bake
