// A resolved project as plain owned values, in the order in which they are printed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safe_docker::compose {

struct Value {
  enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kString, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;                                    // of a scalar
  std::vector<std::pair<std::string, Value>> entries;  // of a map; of a list, with empty keys

  static Value String(std::string_view text) { return {Kind::kString, std::string(text), {}}; }
  static Value Number(std::string_view text) { return {Kind::kNumber, std::string(text), {}}; }
  static Value Boolean(bool is_true) { return {Kind::kBoolean, is_true ? "true" : "false", {}}; }
  static Value List() { return {Kind::kList, {}, {}}; }
  static Value Map() { return {Kind::kMap, {}, {}}; }

  // Nothing that would have to be said: null, false, 0, an empty text, list or map.
  bool IsEmpty() const {
    switch (kind) {
      case Kind::kNull:
        return true;
      case Kind::kBoolean:
        return text == "false";
      case Kind::kNumber:
        return text == "0";
      case Kind::kString:
        return text.empty();
      default:
        return entries.empty();
    }
  }

  void Add(Value item) { entries.emplace_back(std::string{}, std::move(item)); }

  void Set(std::string_view key, Value value) {
    if (Value* found = Find(key)) {
      *found = std::move(value);
    } else {
      entries.emplace_back(key, std::move(value));
    }
  }

  Value* Find(std::string_view key) {
    for (auto& [name, value] : entries) {
      if (name == key) {
        return &value;
      }
    }
    return nullptr;
  }
  const Value* Find(std::string_view key) const { return const_cast<Value*>(this)->Find(key); }
};

}  // namespace safe_docker::compose
