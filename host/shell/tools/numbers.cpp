// seq, and the plainest of expr.
#include <algorithm>
#include <cstdint>

#include "tool.hpp"

namespace safe_docker::shell {
namespace {

// A whole number as everyone reads and prints it.
std::optional<std::int64_t> ReadInteger(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  const std::optional<std::size_t> number = ParseNumber(digits);
  if (!number || (digits.size() > 1 && digits[0] == '0') || (negative && *number == 0)) {
    return std::nullopt;
  }
  const auto value = static_cast<std::int64_t>(*number);
  return negative ? -value : value;
}

}  // namespace

Printed PrintSequence(const Words& words, const ToolContext& /*context*/) {
  const std::optional<Arguments> arguments =
      ParseArguments(words, {"w", "s", "", " separator:s equal-width:w ", "", true});
  if (!arguments || arguments->operands.empty() || arguments->operands.size() > 3) {
    return std::nullopt;
  }
  std::vector<std::int64_t> numbers;
  for (const std::string_view operand : arguments->operands) {
    const std::optional<std::int64_t> number = ReadInteger(operand);
    if (!number) {
      return std::nullopt;
    }
    numbers.push_back(*number);
  }
  const std::int64_t first = numbers.size() > 1 ? numbers[0] : 1;
  const std::int64_t step = numbers.size() > 2 ? numbers[1] : 1;
  const std::int64_t last = numbers.back();
  const bool wide = arguments->Has('w');
  if (step == 0 || (wide && (first < 0 || last < 0 || numbers.size() > 2))) {
    return std::nullopt;
  }
  const std::size_t width = wide ? std::max(std::to_string(first).size(), std::to_string(last).size()) : 0;
  const std::string_view separator = arguments->ValueOf('s').value_or("\n");
  std::string out;
  for (std::int64_t number = first; step > 0 ? number <= last : number >= last; number += step) {
    const std::string digits = std::to_string(number);
    out.append(number == first ? "" : separator).append(width > digits.size() ? width - digits.size() : 0, '0');
    out.append(digits);
    if (out.size() > kMostPrinted) {
      return std::nullopt;
    }
  }
  return out.empty() ? out : out + "\n";
}

Printed PrintExpression(const Words& words, const ToolContext& /*context*/) {
  const std::optional<Arguments> arguments = ParseArguments(words, {""});
  if (!arguments || arguments->operands.size() != 3 || words.size() != 4 || arguments->operands[1].size() != 1) {
    return std::nullopt;
  }
  const std::optional<std::int64_t> left = ReadInteger(arguments->operands[0]);
  const std::optional<std::int64_t> right = ReadInteger(arguments->operands[2]);
  if (!left || !right) {
    return std::nullopt;
  }
  switch (arguments->operands[1][0]) {
    case '+':
      return std::to_string(*left + *right) + "\n";
    case '-':
      return std::to_string(*left - *right) + "\n";
    case '*':
      return std::to_string(*left * *right) + "\n";
    case '/':
      return *right == 0 ? Printed() : std::to_string(*left / *right) + "\n";
    case '%':
      return *right == 0 ? Printed() : std::to_string(*left % *right) + "\n";
    default:
      return std::nullopt;
  }
}

}  // namespace safe_docker::shell
