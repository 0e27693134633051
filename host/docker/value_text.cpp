#include "docker/value_text.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "docker/csv.hpp"

namespace safe_docker::docker {
namespace {

// Base 0: the prefix says which base it is, and underscores may stand between digits.
std::optional<std::uint64_t> ParseUnsigned(std::string_view text, std::uint64_t limit) {
  int base = 10;
  bool may_separate = false;
  if (text.size() > 1 && text[0] == '0') {
    const std::string prefix = ToLower(text.substr(0, 2));
    base = prefix == "0x" ? 16 : prefix == "0b" ? 2 : 8;
    text.remove_prefix(base == 8 && prefix != "0o" ? 1 : 2);
    may_separate = true;
  }
  std::string digits;
  for (const char letter : text) {
    if (letter == '_' && !may_separate) {
      return std::nullopt;
    }
    may_separate = letter != '_';
    if (letter != '_') {
      digits += letter;
    }
  }
  return may_separate ? ParseDigits(digits, base, limit) : std::nullopt;
}

// A decimal number with a sign, a fraction and an exponent.
struct Decimal {
  std::string digits;  // without the point
  int exponent = 0;    // of ten
};

std::optional<Decimal> ParseDecimal(std::string_view text) {
  Decimal decimal;
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  bool behind_point = false;
  std::size_t at = 0;
  for (; at < text.size() && (IsDigit(text[at]) || (text[at] == '.' && !behind_point)); ++at) {
    if (text[at] == '.') {
      behind_point = true;
    } else {
      decimal.digits += text[at];
      decimal.exponent -= behind_point ? 1 : 0;
    }
  }
  if (decimal.digits.empty()) {
    return std::nullopt;
  }
  if (at < text.size()) {
    std::string_view exponent = text.substr(at + 1);
    const bool is_negative = exponent.starts_with('-');
    if (is_negative || exponent.starts_with('+')) {
      exponent.remove_prefix(1);
    }
    constexpr std::uint64_t kLargestExponent = 300;
    const std::optional<std::uint64_t> value = ParseDigits(exponent, 10, kLargestExponent);
    if ((text[at] != 'e' && text[at] != 'E') || !value) {
      return std::nullopt;
    }
    decimal.exponent += (is_negative ? -1 : 1) * static_cast<int>(*value);
  }
  return decimal;
}

// True if `text` is a sum of numbers with units of time; a negative one only if `may_be_negative`.
bool ReadDuration(std::string_view text, bool may_be_negative) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text == "0") {
    return true;
  }
  if (text.empty() || (is_negative && !may_be_negative)) {
    return false;
  }
  while (!text.empty()) {
    const std::size_t unit = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::size_t next = std::min(text.find_first_of("0123456789.", unit), text.size());
    if (!ParseDecimal(text.substr(0, unit)) ||
        !IsOneOf(text.substr(unit, next - unit), {"ns", "us", "\u00b5s", "\u03bcs", "ms", "s", "m", "h"})) {
      return false;
    }
    text.remove_prefix(next);
  }
  return true;
}

bool IsIpv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const Cut cut = CutAt(text, '.');
    const bool leading_zero = cut.before.size() > 1 && cut.before[0] == '0';
    if (cut.found != (part < 3) || leading_zero || !ParseDigits(cut.before, 10, 255)) {
      return false;
    }
    text = cut.after;
  }
  return true;
}

bool IsIpv6(std::string_view text) {
  std::size_t groups = 0;
  bool has_gap = false;
  if (text.starts_with("::")) {
    has_gap = true;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const Cut cut = CutAt(text, ':');
    if (!cut.found && cut.before.find('.') != std::string_view::npos) {
      groups += 2;
      return IsIpv4(cut.before) && (has_gap ? groups < 8 : groups == 8);
    }
    if (cut.before.size() > 4 || !ParseDigits(cut.before, 16, UINT16_MAX)) {
      return false;
    }
    ++groups;
    text = cut.after;
    if (cut.found && text.starts_with(':')) {
      if (has_gap) {
        return false;
      }
      has_gap = true;
      text.remove_prefix(1);
    } else if (cut.found && text.empty()) {
      return false;
    }
  }
  return has_gap ? groups < 8 : groups == 8;
}

}  // namespace

Cut CutAt(std::string_view text, char separator) {
  const std::size_t at = text.find(separator);
  return {text.substr(0, at), at == std::string_view::npos ? std::string_view{} : text.substr(at + 1),
          at != std::string_view::npos};
}

std::string_view NextPart(std::string_view* rest, char separator) {
  const Cut cut = CutAt(*rest, separator);
  *rest = cut.after;
  return cut.before;
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> wanted) {
  return std::find(wanted.begin(), wanted.end(), text) != wanted.end();
}

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

std::optional<std::uint64_t> ParseDigits(std::string_view text, int base, std::uint64_t limit) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
  return whole && value <= limit ? std::optional(value) : std::nullopt;
}

bool IsUnsigned64(std::string_view text) { return ParseUnsigned(text, UINT64_MAX).has_value(); }

bool IsUnsigned16(std::string_view text) { return ParseUnsigned(text, UINT16_MAX).has_value(); }

bool IsSigned64(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  constexpr std::uint64_t kMost = INT64_MAX;
  return ParseUnsigned(text, is_negative ? kMost + 1 : kMost).has_value();
}

bool IsCount(std::string_view text) { return !text.starts_with('-') && IsSigned64(text); }

bool IsFloat(std::string_view text) { return ParseDecimal(text).has_value(); }

bool IsCpus(std::string_view text) {
  constexpr std::uint64_t kBillion = 1000000000;
  const Cut cut = CutAt(text, '/');
  if (cut.found) {
    std::string_view numerator = cut.before;
    numerator.remove_prefix(numerator.starts_with('-') || numerator.starts_with('+') ? 1 : 0);
    const auto above = ParseDigits(numerator, 10, UINT32_MAX);
    const auto below = ParseDigits(cut.after, 10, UINT32_MAX);
    return above && below && *below != 0 && *above * kBillion % *below == 0;
  }
  std::optional<Decimal> decimal = ParseDecimal(text);
  while (decimal && decimal->exponent < -9 && decimal->digits.ends_with('0')) {
    decimal->digits.pop_back();
    ++decimal->exponent;
  }
  return decimal && (decimal->exponent >= -9 || decimal->digits.empty());
}

bool IsDuration(std::string_view text) { return ReadDuration(text, /*may_be_negative=*/true); }

bool IsPositiveDuration(std::string_view text) { return ReadDuration(text, /*may_be_negative=*/false); }

bool IsSwappiness(std::string_view text) {
  return text == "-1" || ParseUnsigned(text.substr(text.starts_with('+') ? 1 : 0), 100).has_value();
}

bool IsSwapSize(std::string_view text) { return text == "-1" || IsByteSize(text); }

bool IsAddress(std::string_view text) { return IsIpv4(text) || IsIpv6(text); }

bool IsByteSize(std::string_view text) {
  const std::size_t last = text.find_last_of("0123456789. ");
  if (last == std::string_view::npos) {
    return false;
  }
  std::string_view number = text.substr(0, text[last] == ' ' ? last : last + 1);
  const std::string unit = ToLower(text.substr(last + 1));
  if (number.starts_with('-') || !IsFloat(number)) {
    return false;
  }
  if (unit.empty() || unit == "b") {
    return true;
  }
  const std::string_view behind = std::string_view(unit).substr(1);
  return std::string_view("kmgtp").find(unit[0]) != std::string_view::npos &&
         (behind.empty() || behind == "b" || behind == "ib");
}

}  // namespace safe_docker::docker
