#include "value.hpp"

#include <algorithm>
#include <utility>

namespace safe_docker::compose {

Value Value::String(std::string_view text) { return {Kind::kString, std::string(text), {}}; }
Value Value::Number(std::string_view text) { return {Kind::kNumber, std::string(text), {}}; }
Value Value::Boolean(bool is_true) { return {Kind::kBoolean, is_true ? "true" : "false", {}}; }
Value Value::List() { return {Kind::kList, {}, {}}; }
Value Value::Map() { return {Kind::kMap, {}, {}}; }

bool Value::IsEmpty() const {
  switch (kind) {
    case Kind::kNull:
      return true;
    case Kind::kBoolean:
      return text == "false";
    case Kind::kNumber:
      return text == "0";
    case Kind::kString:
      return text.empty();
    case Kind::kList:
    case Kind::kMap:
      break;
  }
  return entries.empty();
}

void Value::Add(Value item) { entries.push_back({{}, std::move(item)}); }

void Value::Set(std::string_view key, Value value) {
  if (Value* found = Find(key)) {
    *found = std::move(value);
  } else {
    entries.push_back({std::string(key), std::move(value)});
  }
}

Value* Value::Find(std::string_view key) {
  const auto found = std::ranges::find(entries, key, &Member::key);
  return found == entries.end() ? nullptr : &found->value;
}

const Value* Value::Find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &Member::key);
  return found == entries.end() ? nullptr : &found->value;
}

}  // namespace safe_docker::compose
