#include "units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

namespace safe_docker::compose {
namespace {

std::string WithoutUnderscores(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  return digits;
}

std::optional<std::uint64_t> ReadInteger(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

struct Prefix {
  std::string_view text;
  int base;
};
constexpr Prefix kPrefixes[] = {{"0x", 16}, {"0o", 8}, {"0b", 2}};

std::optional<std::uint64_t> ReadAnyInteger(std::string_view digits) {
  for (const Prefix& prefix : kPrefixes) {
    if (digits.starts_with(prefix.text)) {
      return ReadInteger(digits.substr(prefix.text.size()), prefix.base);
    }
  }
  // A leading zero means octal, unless the digits say otherwise.
  if (digits.size() > 1 && digits.front() == '0') {
    if (const auto octal = ReadInteger(digits.substr(1), 8)) {
      return octal;
    }
  }
  return ReadInteger(digits, 10);
}

std::optional<double> ReadFloat(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// As Go prints a float64: the fewest digits that are exact, with an exponent below -4 and from 21 on, or from 6 on if
// there is a fraction or more digits than that.
std::string PrintFloat(double value) {
  std::array<char, 64> buffer{};
  const auto scientific = std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(scientific.ptr - buffer.data()));
  const std::size_t mark = text.find('e');
  if (mark == std::string_view::npos) {
    return std::string(text);
  }
  int exponent = 0;
  const std::string_view digits = text.substr(mark + (text[mark + 1] == '+' ? 2 : 1));
  std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  constexpr int kLeast = -4;
  constexpr int kMost = 6;
  if (exponent < kLeast || exponent >= kMost) {
    return std::string(text);
  }
  const auto fixed = std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::fixed);
  return {buffer.data(), static_cast<std::size_t>(fixed.ptr - buffer.data())};
}

// ---- Durations -------------------------------------------------------------------------------------------------

struct TimeUnit {
  std::string_view name;
  double nanoseconds;
};
// Longer names first where one begins another.
constexpr TimeUnit kTimeUnits[] = {{"ns", 1},   {"us", 1e3},   {"\xC2\xB5s", 1e3}, {"ms", 1e6},    {"s", 1e9},
                                   {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9},     {"w", 604800e9}};

std::optional<double> ReadDuration(std::string_view text) {
  double total = 0;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::optional<double> amount = ReadFloat(text.substr(0, size));
    text.remove_prefix(size);
    const auto* unit =
        std::ranges::find_if(kTimeUnits, [&](const TimeUnit& one) { return text.starts_with(one.name); });
    if (!amount || unit == std::end(kTimeUnits)) {
      return std::nullopt;
    }
    total += *amount * unit->nanoseconds;
    text.remove_prefix(unit->name.size());
  }
  return total;
}

std::string WithUnit(double amount, std::string_view unit) { return PrintFloat(amount) + std::string(unit); }

// As Go prints a time.Duration.
std::string PrintDuration(double nanoseconds) {
  constexpr double kSecond = 1e9;
  if (nanoseconds == 0) {
    return "0s";
  }
  if (nanoseconds < kSecond) {
    const bool is_milliseconds = nanoseconds >= 1e6;
    return is_milliseconds      ? WithUnit(nanoseconds / 1e6, "ms")
           : nanoseconds >= 1e3 ? WithUnit(nanoseconds / 1e3, "\xC2\xB5s")
                                : WithUnit(nanoseconds, "ns");
  }
  const double seconds = nanoseconds / kSecond;
  const auto minutes = static_cast<std::uint64_t>(seconds / 60);
  const std::string rest = WithUnit(seconds - static_cast<double>(minutes) * 60, "s");
  if (minutes == 0) {
    return rest;
  }
  const std::string hours = minutes < 60 ? std::string{} : std::to_string(minutes / 60) + "h";
  return hours + std::to_string(minutes % 60) + "m" + rest;
}

}  // namespace

std::string DecimalNumber(std::string_view text) {
  const std::string digits = WithoutUnderscores(text);
  std::string_view rest = digits;
  const bool is_negative = rest.starts_with('-');
  rest.remove_prefix(is_negative || rest.starts_with('+') ? 1 : 0);
  const std::string sign = is_negative ? "-" : "";
  if (const auto integer = ReadAnyInteger(rest)) {
    return sign + std::to_string(*integer);
  }
  if (const auto number = ReadFloat(rest)) {
    return sign + PrintFloat(*number);
  }
  return std::string(text);
}

std::string SizeInBytes(std::string_view text) {
  constexpr std::string_view kUnits = "bkmgtp";
  const std::size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::optional<double> amount = ReadFloat(text.substr(0, size));
  std::string unit(text.substr(size));
  unit.erase(0, unit.find_first_not_of(' '));
  std::ranges::transform(unit, unit.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  });
  const std::size_t power = unit.empty() ? 0 : kUnits.find(unit.front());
  const std::string_view rest = unit.empty() ? std::string_view{} : std::string_view(unit).substr(1);
  if (!amount || power == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib")) {
    return std::string(text);
  }
  return std::to_string(static_cast<std::int64_t>(*amount * std::pow(1024.0, static_cast<double>(power))));
}

std::string NormalDuration(std::string_view text) {
  const std::optional<double> nanoseconds = text.empty() ? std::nullopt : ReadDuration(text);
  return nanoseconds ? PrintDuration(*nanoseconds) : std::string(text);
}

}  // namespace safe_docker::compose
