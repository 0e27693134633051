// A variable of the shell: a text, an indexed array or an associative one, with its attributes, and what is known of
// it. The order of an associative array's elements is the one in which bash lists them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "tools/output.hpp"

namespace safe_docker::shell {

// Of options and attributes: branches may leave open whether they are set.
enum class Setting : std::uint8_t { kOff, kOn, kUnknown };

inline Setting Joined(Setting a, Setting b) { return a == b ? a : Setting::kUnknown; }

struct ArrayElement {
  std::int64_t index = 0;
  std::string key;    // of an associative array
  std::string value;  // may hold unknown parts

  bool operator==(const ArrayElement& other) const = default;
};

struct ShellVariable {
  Variable::State state = Variable::State::kUnset;  // of an array: whether its elements are known
  std::string value;                                // may hold unknown parts if kUnknown; empty for a known array
  bool exported = false;
  bool is_array = false;                    // indexed or associative
  bool is_associative = false;              // declare -A
  bool is_integer = false;                  // declare -i
  bool is_reference = false;                // declare -n: `value` is the name of another
  bool is_identifier = false;               // its value is not known, but as Word::is_identifier says
  PrintedWords words = PrintedWords::kAny;  // what the unknown parts of its value are
  char letter_case = '\0';                  // declare -u, -l, -c
  Setting readonly = Setting::kOff;
  // Branches have left it with one of these values, in order; an unknown part stands for any other. Empty if nothing is
  // known of it.
  std::vector<std::string> alternatives = {};
  std::vector<ArrayElement> elements;  // of a known array, in order

  bool operator==(const ShellVariable& other) const = default;
};

ShellVariable KnownOrNot(std::string value);
ShellVariable UnknownVariable();

// `value` as the variable's letter case makes it.
std::string WithLetterCase(std::string value, char letter_case);

// The place where an element with this index stands or would be put.
std::size_t FindIndex(const ShellVariable& array, std::int64_t index);

// Null if there is none.
const ArrayElement* FindElement(const ShellVariable& array, std::int64_t index);
const ArrayElement* FindElement(const ShellVariable& array, std::string_view key);

// The index that `index` means: negative ones count from the end. Nothing if bash refuses it.
std::optional<std::int64_t> AbsoluteIndex(const ShellVariable& array, std::int64_t index);

void SetElement(ShellVariable* array, std::int64_t index, std::string value);
void SetElement(ShellVariable* array, std::string_view key, std::string value);

// Makes an array of what was a text; its value becomes the first element.
void MakeArray(ShellVariable* variable, bool associative);

// What a plain $name gives of an array: its element 0.
const ArrayElement* FirstElement(const ShellVariable& array);

}  // namespace safe_docker::shell
