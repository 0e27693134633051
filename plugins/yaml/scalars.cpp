#include "scalars.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace safe_docker::yaml {
namespace {

constexpr std::string_view kNulls[] = {"", "~", "null", "Null", "NULL"};
constexpr std::string_view kBooleans[] = {"true", "True", "TRUE", "false", "False", "FALSE"};
constexpr std::string_view kSpecialNumbers[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};

struct TagKind {
  std::string_view tag;
  Kind kind;
};
constexpr TagKind kTagKinds[] = {
    {"tag:yaml.org,2002:bool", Kind::kBoolean}, {"tag:yaml.org,2002:int", Kind::kNumber},
    {"tag:yaml.org,2002:float", Kind::kNumber}, {"tag:yaml.org,2002:null", Kind::kNull},
    {"tag:yaml.org,2002:str", Kind::kString},
};

struct Cast {
  std::string_view text;
  bool value;
};
constexpr Cast kCasts[] = {{"true", true},   {"y", true},  {"yes", true}, {"on", true},
                           {"false", false}, {"n", false}, {"no", false}, {"off", false}};

bool IsOneOf(std::string_view text, std::span<const std::string_view> choices) {
  return std::ranges::find(choices, text) != choices.end();
}

bool IsDigits(std::string_view text, int base) {
  if (text.empty() || text.front() == '-') {
    return false;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

// Removes the digits that `text` begins with; false if there are none.
bool TakeDigits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(count);
  return count > 0;
}

// Digits with an optional fraction and exponent.
bool IsDecimal(std::string_view text) {
  bool has_digits = TakeDigits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    has_digits = TakeDigits(text) || has_digits;
  }
  if (has_digits && (text.starts_with('e') || text.starts_with('E'))) {
    text.remove_prefix(1);
    text.remove_prefix(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
    has_digits = TakeDigits(text);
  }
  return has_digits && text.empty();
}

bool IsNumber(std::string_view given) {
  const std::size_t sign = given.starts_with('-') || given.starts_with('+') ? 1 : 0;
  if (given.size() == sign || std::string_view("0123456789.").find(given[sign]) == std::string_view::npos) {
    return false;
  }
  // go-yaml lets underscores stand between digits.
  std::string digits(given);
  std::erase(digits, '_');
  const std::string_view text = std::string_view(digits).substr(sign);
  if (IsOneOf(text, kSpecialNumbers) || IsDigits(text, 10)) {
    return true;
  }
  const std::string_view prefix = text.substr(0, 2);
  if ((prefix == "0x" && IsDigits(text.substr(2), 16)) || (prefix == "0o" && IsDigits(text.substr(2), 8)) ||
      (prefix == "0b" && IsDigits(text.substr(2), 2))) {
    return true;
  }
  return IsDecimal(text);
}

int Base64Digit(char byte) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t digit = kDigits.find(byte);
  return digit == std::string_view::npos ? -1 : static_cast<int>(digit);
}

}  // namespace

Kind ScalarKind(std::string_view text, std::string_view tag, bool is_plain) {
  if (!tag.empty()) {
    const auto* found = std::ranges::find(kTagKinds, tag, &TagKind::tag);
    return found == std::end(kTagKinds) ? Kind::kString : found->kind;
  }
  if (!is_plain) {
    return Kind::kString;
  }
  if (IsOneOf(text, kNulls)) {
    return Kind::kNull;
  }
  if (IsOneOf(text, kBooleans)) {
    return Kind::kBoolean;
  }
  return IsNumber(text) ? Kind::kNumber : Kind::kString;
}

std::optional<bool> CastToBoolean(std::string_view text) {
  for (const Cast& cast : kCasts) {
    const bool is_equal = std::ranges::equal(text, cast.text, [](char given, char wanted) {
      return (given >= 'A' && given <= 'Z' ? given - 'A' + 'a' : given) == wanted;
    });
    if (is_equal) {
      return cast.value;
    }
  }
  return std::nullopt;
}

bool DecodeBase64(std::string_view text, std::string* bytes) {
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : text) {
    if (byte == '\n' || byte == '\r' || byte == ' ' || byte == '\t' || byte == '=') {
      continue;
    }
    const int digit = Base64Digit(byte);
    if (digit < 0) {
      return false;
    }
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      *bytes += static_cast<char>((bits >> count) & 0xFF);
    }
  }
  return true;
}

}  // namespace safe_docker::yaml
