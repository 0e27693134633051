#include "variables.hpp"

#include <algorithm>
#include <utility>

namespace safe_docker::shell {
namespace {

// Where bash's hash table has an element: tables of arrays have 1024 buckets at first.
std::uint32_t BucketOf(std::string_view key) {
  std::uint32_t hash = 2166136261U;
  for (const char c : key) {
    hash *= 16777619U;
    hash ^= static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<signed char>(c)));
  }
  return hash & 1023U;
}

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c ^ 0x20) : c; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c ^ 0x20) : c; }

}  // namespace

ShellVariable KnownOrNot(std::string value) {
  ShellVariable variable;
  variable.state = IsKnown(value) ? Variable::State::kKnown : Variable::State::kUnknown;
  variable.value = std::move(value);
  return variable;
}

ShellVariable UnknownVariable() { return KnownOrNot(std::string(1, kUnknownPart)); }

std::string WithLetterCase(std::string value, char letter_case) {
  if (letter_case == '\0') {
    return value;
  }
  // Which bytes are a letter beyond ASCII depends on the locale; so does what stands in an unknown part.
  const bool ascii =
      std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii || (letter_case == 'c' && value.starts_with(kUnknownPart))) {
    return std::string(1, kUnknownPart);
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    value[i] = letter_case == 'u' || (letter_case == 'c' && i == 0) ? Upper(value[i]) : Lower(value[i]);
  }
  return value;
}

std::size_t FindIndex(const ShellVariable& array, std::int64_t index) {
  const auto found =
      std::lower_bound(array.elements.begin(), array.elements.end(), index,
                       [](const ArrayElement& each, std::int64_t wanted) { return each.index < wanted; });
  return static_cast<std::size_t>(found - array.elements.begin());
}

const ArrayElement* FindElement(const ShellVariable& array, std::int64_t index) {
  const std::size_t at = FindIndex(array, index);
  return at < array.elements.size() && array.elements[at].index == index ? &array.elements[at] : nullptr;
}

const ArrayElement* FindElement(const ShellVariable& array, std::string_view key) {
  const auto found = std::find_if(array.elements.begin(), array.elements.end(),
                                  [key](const ArrayElement& each) { return each.key == key; });
  return found == array.elements.end() ? nullptr : &*found;
}

std::optional<std::int64_t> AbsoluteIndex(const ShellVariable& array, std::int64_t index) {
  if (index >= 0) {
    return index;
  }
  const std::int64_t end = array.elements.empty() ? 0 : array.elements.back().index + 1;
  return index + end >= 0 ? std::optional<std::int64_t>(index + end) : std::nullopt;
}

void SetElement(ShellVariable* array, std::int64_t index, std::string value) {
  const std::size_t at = FindIndex(*array, index);
  if (at < array->elements.size() && array->elements[at].index == index) {
    array->elements[at].value = std::move(value);
    return;
  }
  array->elements.insert(array->elements.begin() + static_cast<std::ptrdiff_t>(at), {index, {}, std::move(value)});
}

void SetElement(ShellVariable* array, std::string_view key, std::string value) {
  for (ArrayElement& element : array->elements) {
    if (element.key == key) {
      element.value = std::move(value);
      return;
    }
  }
  // A new element stands first in its bucket.
  const std::uint32_t bucket = BucketOf(key);
  const auto place = std::find_if(array->elements.begin(), array->elements.end(),
                                  [bucket](const ArrayElement& each) { return BucketOf(each.key) >= bucket; });
  array->elements.insert(place, {0, std::string(key), std::move(value)});
}

void MakeArray(ShellVariable* variable, bool associative) {
  if (variable->is_array) {
    return;
  }
  const bool had_value = variable->state != Variable::State::kUnset;
  std::string value = std::exchange(variable->value, {});
  variable->is_array = true;
  variable->is_associative = associative;
  variable->state = Variable::State::kKnown;
  if (had_value && associative) {
    SetElement(variable, "0", std::move(value));
  } else if (had_value) {
    SetElement(variable, 0, std::move(value));
  }
}

const ArrayElement* FirstElement(const ShellVariable& array) {
  return array.is_associative ? FindElement(array, "0") : FindElement(array, std::int64_t{0});
}

}  // namespace safe_docker::shell
