#include "canonical.hpp"

#include <algorithm>
#include <string>

#include "units.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

std::string TextOfScalar(const Node& node) {
  if (node.kind == Kind::kNumber) {
    return DecimalNumber(node.text);
  }
  if (node.kind == Kind::kBoolean) {
    return CastToBoolean(node.text).value_or(false) ? "true" : "false";
  }
  return std::string(node.text);
}

Value AsWritten(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner) {
  Value value;
  switch (node.kind) {
    case Kind::kNull:
      return value;
    case Kind::kBoolean:
      return {Value::Kind::kBoolean, TextOfScalar(node), {}};
    case Kind::kNumber:
      return Value::Number(TextOfScalar(node));
    case Kind::kString:
      return Value::String(node.text);
    case Kind::kList:
    case Kind::kMap:
      break;
  }
  value.kind = node.IsMap() ? Value::Kind::kMap : Value::Kind::kList;
  for (const Entry& entry : node.entries) {
    if (entry.value->tag != Tag::kReset) {
      value.entries.push_back({std::string(entry.key), AsWritten(around, *entry.value, inner)});
    }
  }
  return value;
}

Value Text(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner) {
  return node.IsScalar() ? Value::String(TextOfScalar(node)) : AsWritten(around, node, inner);
}

Value Mapping(const Surroundings& /*around*/, const Node& node, std::span<const CanonicalField> /*inner*/) {
  Value map = Value::Map();
  for (const Entry& entry : node.entries) {
    if (entry.value->tag == Tag::kReset) {
      continue;
    }
    if (node.IsMap()) {
      map.Set(entry.key, Value::String(entry.value->IsNull() ? std::string{} : TextOfScalar(*entry.value)));
      continue;
    }
    const std::string text = TextOfScalar(*entry.value);
    const std::size_t at = text.find('=');
    map.Set(text.substr(0, at), Value::String(at == std::string::npos ? std::string{} : text.substr(at + 1)));
  }
  std::ranges::sort(map.entries, {}, &Value::Member::key);
  return map;
}

Value Fields(const Surroundings& around, const Node& map, std::span<const CanonicalField> fields) {
  if (!map.IsMap()) {
    return AsWritten(around, map);
  }
  Value result = Value::Map();
  for (const CanonicalField& field : fields) {
    const Entry* entry = Find(map, field.name);
    if (entry == nullptr) {
      continue;
    }
    Value value = field.form(around, *entry->value, field.inner);
    if (field.when_empty == WhenEmpty::kKeep || !value.IsEmpty()) {
      result.entries.push_back({std::string(field.name), std::move(value)});
    }
  }
  for (const Entry& entry : map.entries) {
    const bool is_known = std::ranges::find(fields, entry.key, &CanonicalField::name) != fields.end();
    if (!is_known && entry.value->tag != Tag::kReset) {
      result.entries.push_back({std::string(entry.key), AsWritten(around, *entry.value)});
    }
  }
  return result;
}

void SetInOrder(Value& map, std::span<const CanonicalField> fields, std::string_view key, Value value) {
  if (Value* found = map.Find(key)) {
    *found = std::move(value);
    return;
  }
  const auto place_of = [&](std::string_view name) {
    return std::ranges::find(fields, name, &CanonicalField::name) - fields.begin();
  };
  const auto after =
      std::ranges::find_if(map.entries, [&](const auto& entry) { return place_of(entry.key) > place_of(key); });
  map.entries.insert(after, {std::string(key), std::move(value)});
}

}  // namespace safe_docker::compose
