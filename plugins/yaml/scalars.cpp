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

struct Base {
  std::string_view prefix;
  int base;
};
// "010" is octal as in YAML 1.1.
constexpr Base kBases[] = {{"0x", 16}, {"0X", 16}, {"0o", 8}, {"0O", 8}, {"0b", 2}, {"0B", 2}, {"0", 8}, {"", 10}};

// The whole number that `text` is, which has no sign.
std::optional<std::uint64_t> WholeNumber(std::string_view text) {
  const auto* base = std::ranges::find_if(
      kBases, [&](const Base& one) { return text.size() > one.prefix.size() && text.starts_with(one.prefix); });
  if (base == std::end(kBases)) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(base->prefix.size());
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base->base);
  const bool is_whole = error == std::errc{} && end == digits.data() + digits.size();
  return is_whole ? std::optional(value) : std::nullopt;
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

bool StartsNumber(std::string_view text) {
  return !text.empty() && ((text.front() >= '0' && text.front() <= '9') || text.front() == '.');
}

std::string_view WithoutSign(std::string_view text) {
  return text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
}

std::string WithoutUnderscores(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '_');
  return plain;
}

bool IsNumber(std::string_view text) {
  text = WithoutSign(text);
  if (!StartsNumber(text)) {
    return false;
  }
  if (text.find('_') != std::string_view::npos) {
    const std::string plain = WithoutUnderscores(text);
    return WholeNumber(plain).has_value() || IsDecimal(plain);
  }
  return IsOneOf(text, kSpecialNumbers) || WholeNumber(text).has_value() || IsDecimal(text);
}

// ".50" is "0.5".
std::string ShortFraction(std::string_view text) {
  std::string fraction(text.substr(0, text.find_last_not_of('0') + 1));
  fraction.resize(fraction.size() - (fraction.ends_with('.') ? 1 : 0));
  const std::size_t begin = std::min(fraction.find_first_not_of('0'), fraction.size());
  fraction.erase(0, begin);
  return (fraction.empty() || fraction.front() == '.' ? "0" : "") + fraction;
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

std::string NumberText(std::string_view text) {
  const std::string plain = WithoutUnderscores(WithoutSign(text));
  const std::string sign = text.starts_with('-') ? "-" : "";
  if (const std::optional<std::uint64_t> value = WholeNumber(plain)) {
    return sign + std::to_string(*value);
  }
  const bool is_fraction =
      plain.find('.') != std::string::npos && plain.find_first_not_of("0123456789.") == std::string::npos;
  return is_fraction ? sign + ShortFraction(plain) : std::string(text);
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
