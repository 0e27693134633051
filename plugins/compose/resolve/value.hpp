// A resolved project as plain owned values, in the order in which they are printed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::compose {

struct Value {
  enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kString, kList, kMap };
  struct Member;

  Kind kind = Kind::kNull;
  std::string text;             // of a scalar
  std::vector<Member> entries;  // of a map; of a list, with empty keys

  static Value String(std::string_view text);
  static Value Number(std::string_view text);
  static Value Boolean(bool is_true);
  static Value List();
  static Value Map();

  // Nothing that would have to be said: null, false, 0, an empty text, list or map.
  bool IsEmpty() const;

  // Appends an item to a list.
  void Add(Value item);
  // Sets a key of a map, at its end if it is new.
  void Set(std::string_view key, Value value);
  // The value of a key, or null.
  Value* Find(std::string_view key);
  const Value* Find(std::string_view key) const;
};

struct Value::Member {
  std::string key;
  Value value;
};

}  // namespace safe_docker::compose
