#include "value.hpp"

#include <algorithm>
#include <safe_docker/checker.hpp>

namespace safe_docker::bake {
Value TextValue(std::string_view text) {
  Value value;
  value.kind = Kind::kText;
  value.text = text;
  return value;
}

Value BooleanValue(bool truth) {
  Value value;
  value.kind = Kind::kBoolean;
  value.truth = truth;
  return value;
}

Value NumberValue(double number) {
  Value value;
  value.kind = Kind::kNumber;
  value.number = number;
  return value;
}

Value NullValue() {
  Value value;
  value.kind = Kind::kNull;
  return value;
}

Value ListValue(std::vector<Value> items) {
  Value value;
  value.kind = Kind::kList;
  value.items = std::make_shared<const std::vector<Value>>(std::move(items));
  return value;
}

Value MapValue(std::vector<std::string> keys, std::vector<Value> items) {
  Value value = ListValue(std::move(items));
  value.kind = Kind::kMap;
  value.keys = std::make_shared<const std::vector<std::string>>(std::move(keys));
  return value;
}

bool IsWhole(double number) {
  constexpr double kMostExact = 9007199254740992;  // 2^53
  return number > -kMostExact && number < kMostExact &&
         static_cast<double>(static_cast<std::int64_t>(number)) == number;
}

std::string TextOf(const Value& value) {
  switch (value.kind) {
    case Kind::kText:
      return value.text;
    case Kind::kBoolean:
      return value.truth ? "true" : "false";
    case Kind::kNumber:
      if (IsWhole(value.number)) {
        return std::to_string(static_cast<std::int64_t>(value.number));
      }
      break;
    default:
      break;
  }
  return std::string(1, '\0');
}

Truth TruthOf(const Value& value) {
  if (value.kind == Kind::kBoolean) {
    return value.truth ? Truth::kTrue : Truth::kFalse;
  }
  if (value.kind == Kind::kText && (value.text == "true" || value.text == "1")) {
    return Truth::kTrue;
  }
  const bool is_false = value.kind == Kind::kText && (value.text == "false" || value.text == "0");
  return is_false ? Truth::kFalse : Truth::kUnknown;
}

Truth AreEqual(const Value& left, const Value& right) {
  if (!IsKnown(left) || !IsKnown(right)) {
    return Truth::kUnknown;
  }
  const auto from = [](bool truth) { return truth ? Truth::kTrue : Truth::kFalse; };
  if (left.kind != right.kind) {  // HCL may have made a text of one of them
    return TextOf(left) == TextOf(right) ? Truth::kUnknown : Truth::kFalse;
  }
  switch (left.kind) {
    case Kind::kNull:
      return Truth::kTrue;
    case Kind::kBoolean:
      return from(left.truth == right.truth);
    case Kind::kNumber:
      return from(left.number == right.number);
    case Kind::kText:
      // HCL composes letters.
      return left.text == right.text || (IsAscii(left.text) && IsAscii(right.text)) ? from(left.text == right.text)
                                                                                    : Truth::kUnknown;
    default:
      break;
  }
  if (left.items->size() != right.items->size()) {
    return Truth::kFalse;
  }
  // Lists and maps of types that differ are never equal for HCL, and nobody here knows the types.
  return left.items->empty() && left.kind == Kind::kList ? Truth::kTrue : Truth::kUnknown;
}

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0x80) == 0; });
}

const Value* FindItem(const Value& map, std::string_view key) {
  if (map.kind != Kind::kMap) {
    return nullptr;
  }
  for (std::size_t index = 0; index < map.keys->size(); ++index) {
    if ((*map.keys)[index] == key) {
      return &(*map.items)[index];
    }
  }
  return nullptr;
}

bool IsKnown(const Value& value) {
  if (value.kind == Kind::kText) {
    return plugin::IsKnown(value.text);
  }
  if (value.kind == Kind::kMap) {
    for (const std::string& key : *value.keys) {
      if (!plugin::IsKnown(key)) {
        return false;
      }
    }
  }
  if (value.items != nullptr) {
    for (const Value& item : *value.items) {
      if (!IsKnown(item)) {
        return false;
      }
    }
  }
  return value.kind != Kind::kUnknown;
}

}  // namespace safe_docker::bake
