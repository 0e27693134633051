// What expressions come to. A part that nobody can know is the kind kUnknown, or a NUL byte in a text.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "syntax.hpp"

namespace safe_docker::bake {

enum class Kind : std::uint8_t { kUnknown, kNull, kBoolean, kNumber, kText, kList, kMap };

struct Value {
  Kind kind = Kind::kUnknown;
  bool truth = false;
  double number = 0;
  std::string text;
  std::shared_ptr<const std::vector<Value>> items;       // of a list or a map
  std::shared_ptr<const std::vector<std::string>> keys;  // of a map; an unknown one stands for any
  Place place;
  bool is_given = false;  // by --set; the host has judged it

  bool IsNull() const { return kind == Kind::kNull; }
  bool IsUnknown() const { return kind == Kind::kUnknown; }
};

Value TextValue(std::string_view text);
Value BooleanValue(bool truth);
Value NumberValue(double number);
Value NullValue();
Value ListValue(std::vector<Value> items);
Value MapValue(std::vector<std::string> keys, std::vector<Value> items);

// True for a number that is written without a fraction, and small enough to be exact.
bool IsWhole(double number);

// The text that the value becomes where one is wanted; a NUL byte for what has none, or none that is certain.
std::string TextOf(const Value& value);

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };
Truth TruthOf(const Value& value);
Truth AreEqual(const Value& left, const Value& right);

// The item with that key; null if there is none.
const Value* FindItem(const Value& map, std::string_view key);

bool IsAscii(std::string_view text);

// True if nothing of it is unknown.
bool IsKnown(const Value& value);

}  // namespace safe_docker::bake
