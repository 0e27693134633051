// head and tail.
#include <algorithm>

#include "tool.hpp"

namespace safe_docker::shell {
namespace {

struct Count {
  enum class Sign : std::uint8_t { kNone, kMinus, kPlus };
  Sign sign = Sign::kNone;
  std::size_t number = 10;
  bool bytes = false;
};

std::optional<Count> ReadCount(std::string_view text, bool bytes) {
  Count count;
  count.bytes = bytes;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    count.sign = text[0] == '-' ? Count::Sign::kMinus : Count::Sign::kPlus;
    text.remove_prefix(1);
  }
  const std::optional<std::size_t> number = ParseNumber(text);
  count.number = number.value_or(0);
  return number ? std::optional(count) : std::nullopt;
}

struct Request {
  Count count;
  std::string text;
};

// The options and the text of the one input.
std::optional<Request> ReadRequest(Words words, const ToolContext& context) {
  if (const std::optional<std::string_view> digits = DigitsOption(words); digits) {
    words[1].text = "-n" + std::string(*digits);
  }
  constexpr std::string_view kLong = " lines:n bytes:c quiet:q silent:q ";
  const std::optional<Arguments> arguments = ParseArguments(words, {"q", "nc", "", kLong});
  if (!arguments) {
    return std::nullopt;
  }
  Request request;
  for (const Option& option : arguments->options) {
    const std::optional<Count> count =
        option.letter == 'q' ? request.count : ReadCount(option.value, option.letter == 'c');
    if (!count) {
      return std::nullopt;
    }
    request.count = *count;
  }
  Printed text = ReadInput(arguments->operands, context);
  if (!text) {
    return std::nullopt;
  }
  request.text = std::move(*text);
  return request;
}

// Where the first `count` lines or bytes end; npos if there are fewer.
std::size_t EndOfFirst(std::string_view text, const Count& count) {
  if (count.bytes) {
    return count.number <= text.size() ? count.number : std::string_view::npos;
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < count.number; ++i) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) {
      return end;
    }
    at = end + 1;
  }
  return at;
}

// Where the last `count` lines or bytes begin; npos if there are fewer.
std::size_t BeginOfLast(std::string_view text, const Count& count) {
  if (count.bytes || count.number == 0) {
    return count.number <= text.size() ? text.size() - count.number : std::string_view::npos;
  }
  std::size_t at = text.ends_with('\n') ? text.size() - 1 : text.size();
  for (std::size_t i = 0; i < count.number; ++i) {
    const std::size_t end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    if (end == std::string_view::npos) {
      return i + 1 == count.number && !text.empty() ? 0 : end;
    }
    at = end;
  }
  return at + 1;
}

// The text from the first place on that is surely known, and from the start of a line if lines count.
std::string_view KnownEnd(std::string_view text, bool bytes) {
  const std::size_t unknown = text.rfind(kUnknownPart);
  if (unknown == std::string_view::npos) {
    return text;
  }
  const std::string_view rest = text.substr(unknown + 1);
  const std::size_t line = bytes ? 0 : rest.find('\n');
  return line == std::string_view::npos ? std::string_view() : rest.substr(line + (bytes ? 0 : 1));
}

}  // namespace

Printed PrintHead(const Words& words, const ToolContext& context) {
  const std::optional<Request> request = ReadRequest(words, context);
  if (!request || request->count.sign == Count::Sign::kPlus) {
    return std::nullopt;
  }
  const std::string_view text = request->text;
  if (request->count.sign == Count::Sign::kMinus) {
    if (!IsKnown(text)) {
      return std::nullopt;
    }
    const std::size_t begin = BeginOfLast(text, request->count);
    return std::string(text.substr(0, begin == std::string_view::npos ? 0 : begin));
  }
  const std::string_view known = text.substr(0, text.find(kUnknownPart));
  const std::size_t end = EndOfFirst(known, request->count);
  if (end != std::string_view::npos) {
    return std::string(known.substr(0, end));
  }
  return IsKnown(text) ? std::string(text) : std::string(known) + kUnknownPart;
}

Printed PrintTail(const Words& words, const ToolContext& context) {
  const std::optional<Request> request = ReadRequest(words, context);
  if (!request) {
    return std::nullopt;
  }
  const std::string_view text = request->text;
  Count count = request->count;
  if (count.sign == Count::Sign::kPlus) {
    count.number -= count.number == 0 ? 0 : 1;
    const std::size_t end = EndOfFirst(text.substr(0, text.find(kUnknownPart)), count);
    if (end == std::string_view::npos) {
      return IsKnown(text) ? Printed(std::string()) : std::nullopt;
    }
    return std::string(text.substr(end));
  }
  const std::string_view known = KnownEnd(text, count.bytes);
  const std::size_t begin = BeginOfLast(known, count);
  if (begin != std::string_view::npos) {
    return std::string(known.substr(begin));
  }
  return IsKnown(text) ? Printed(std::string(text)) : std::nullopt;
}

}  // namespace safe_docker::shell
