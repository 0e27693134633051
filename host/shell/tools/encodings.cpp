// base64, base32, basenc and xxd, both ways.
#include <algorithm>
#include <array>

#include "tool.hpp"

namespace safe_docker::shell {
namespace {

struct Encoding {
  std::string_view alphabet;
  std::size_t bits;   // that a digit holds
  std::size_t group;  // digits that are padded to
};
constexpr Encoding kBase64 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4};
constexpr Encoding kBase64Url = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6, 4};
constexpr Encoding kBase32 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8};
constexpr Encoding kBase32Hex = {"0123456789ABCDEFGHIJKLMNOPQRSTUV", 5, 8};
constexpr Encoding kBase16 = {"0123456789ABCDEF", 4, 2};

// As the name of its option stands in basenc's grammar.
constexpr std::array<std::pair<char, const Encoding*>, 5> kEncodings = {{
    {'A', &kBase64},
    {'B', &kBase64Url},
    {'C', &kBase32},
    {'E', &kBase32Hex},
    {'F', &kBase16},
}};

#ifdef __APPLE__
constexpr std::string_view kBase64Flags = "dD";
constexpr std::string_view kBase64Values = "b";
#else
constexpr std::string_view kBase64Flags = "di";
constexpr std::string_view kBase64Values = "w";
#endif

// Nothing if the digits are not padded as they must be: where programs stop then is not the same.
Printed Decode(std::string_view text, const Encoding& encoding, bool ignore_garbage) {
  std::string out;
  std::size_t digits = 0;
  std::size_t padding = 0;
  std::uint32_t rest = 0;
  std::size_t rest_bits = 0;
  for (const char c : text) {
    const std::size_t digit = encoding.alphabet.find(c);
    if (c == '=' && encoding.bits != 4) {
      ++padding;
    } else if (digit == std::string_view::npos ? c != '\n' && !ignore_garbage : padding > 0) {
      return std::nullopt;
    } else if (digit != std::string_view::npos) {
      ++digits;
      rest = (rest << encoding.bits | static_cast<std::uint32_t>(digit)) & 0xFFFF;
      rest_bits += encoding.bits;
      if (rest_bits >= 8) {
        rest_bits -= 8;
        out.push_back(static_cast<char>(rest >> rest_bits & 0xFF));
      }
    }
  }
  const bool whole = (digits + padding) % encoding.group == 0 && padding < encoding.group;
  const bool padded =
      rest_bits < encoding.bits && (rest & ((1U << rest_bits) - 1)) == 0 && (digits > 0 || padding == 0);
  return whole && padded ? Printed(std::move(out)) : std::nullopt;
}

std::string Encode(std::string_view text, const Encoding& encoding, std::size_t width) {
  std::string digits;
  std::uint32_t rest = 0;
  std::size_t rest_bits = 0;
  const auto push = [&digits, &encoding](std::uint32_t value) {
    digits.push_back(encoding.alphabet[value & ((1U << encoding.bits) - 1)]);
  };
  for (const char c : text) {
    rest = (rest << 8 | static_cast<unsigned char>(c)) & 0xFFFFF;
    for (rest_bits += 8; rest_bits >= encoding.bits; rest_bits -= encoding.bits) {
      push(rest >> (rest_bits - encoding.bits));
    }
  }
  if (rest_bits > 0) {
    push(rest << (encoding.bits - rest_bits));
  }
  digits.append((encoding.group - digits.size() % encoding.group) % encoding.group, '=');
  if (width == 0) {
    return digits;
  }
  std::string lines;
  for (std::size_t at = 0; at < digits.size(); at += width) {
    lines.append(digits, at, width).push_back('\n');
  }
  return lines;
}

Printed Recode(const Arguments& arguments, const Encoding& encoding, const ToolContext& context) {
  const Printed text = ReadInput(arguments.operands, context);
  const std::optional<std::size_t> width = ParseNumber(arguments.ValueOf('w').value_or("76"));
  if (!text || !IsKnown(*text) || !width || arguments.Has('b')) {
    return std::nullopt;
  }
  if (arguments.Has('d') || arguments.Has('D')) {
    return Decode(*text, encoding, arguments.Has('i'));
  }
  Printed encoded = Encode(*text, encoding, *width);
  return encoded->size() > kMostPrinted ? std::nullopt : std::move(encoded);
}

constexpr std::string_view kLongOptions = " decode:d wrap:w ignore-garbage:i ";

bool IsHexDigit(char c) { return std::string_view("0123456789abcdefABCDEF").find(c) != std::string_view::npos; }

unsigned int HexValue(char c) { return static_cast<unsigned int>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

// Pairs of digits with blanks between them, nothing else.
Printed BytesOfPairs(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ' || text[i] == '\n') {
      ++i;
      continue;
    }
    if (i + 1 >= text.size() || !IsHexDigit(text[i]) || !IsHexDigit(text[i + 1])) {
      return std::nullopt;
    }
    out.push_back(static_cast<char>(HexValue(text[i]) << 4 | HexValue(text[i + 1])));
    i += 2;
  }
  return out;
}

// Lines as xxd itself prints them: "00000010: 6465 66  def".
Printed BytesOfDump(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = WithoutBreak(TakeLine(&text));
    std::size_t offset = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(line.size(), 8); ++i) {
      if (!IsHexDigit(line[i])) {
        return std::nullopt;
      }
      offset = offset << 4 | HexValue(line[i]);
    }
    const std::size_t end = line.find("  ");
    if (line.size() < 12 || line.substr(8, 2) != ": " || offset != out.size() || end == std::string_view::npos) {
      return std::nullopt;
    }
    const Printed bytes = BytesOfPairs(line.substr(10, end - 10));
    if (!bytes || bytes->empty() || bytes->size() > 16 || (bytes->size() < 16 && !text.empty())) {
      return std::nullopt;
    }
    out.append(*bytes);
  }
  return out;
}

std::string HexDigits(std::string_view text, std::size_t columns) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char byte = static_cast<unsigned char>(text[i]);
    out.push_back("0123456789abcdef"[byte >> 4]);
    out.push_back("0123456789abcdef"[byte & 15]);
    out.append((i + 1) % columns == 0 || i + 1 == text.size() ? "\n" : "");
  }
  return out;
}

}  // namespace

Printed PrintBase64(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {kBase64Flags, kBase64Values, "", kLongOptions});
  return arguments ? Recode(*arguments, kBase64, context) : std::nullopt;
}

Printed PrintBase32(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {"di", "w", "", kLongOptions});
  return arguments ? Recode(*arguments, kBase32, context) : std::nullopt;
}

Printed PrintBaseEncoded(const Words& words, const ToolContext& context) {
  constexpr std::string_view kLong =
      " decode:d wrap:w ignore-garbage:i base64:A base64url:B base32:C base32hex:E base16:F ";
  const std::optional<Arguments> arguments = ParseArguments(words, {"diABCEF", "w", "", kLong, "ABCEF"});
  const Encoding* encoding = nullptr;
  for (const auto& [letter, each] : kEncodings) {
    if (arguments && arguments->Has(letter)) {
      if (encoding != nullptr) {
        return std::nullopt;
      }
      encoding = each;
    }
  }
  return encoding == nullptr ? std::nullopt : Recode(*arguments, *encoding, context);
}

Printed PrintHexDump(const Words& words, const ToolContext& context) {
  bool reverse = false;
  bool plain = false;
  std::size_t columns = 30;
  std::vector<std::string_view> operands;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (words[i].may_split || !IsKnown(word)) {
      return std::nullopt;
    }
    const bool is_plain = word == "-p" || word == "-ps" || word == "-plain";
    if (word == "-r" || is_plain) {
      reverse = reverse || !is_plain;
      plain = plain || is_plain;
    } else if (word == "-c" && i + 1 < words.size()) {
      const std::optional<std::size_t> number = ParseNumber(words[++i].text);
      columns = number && *number > 0 && *number <= 256 && words[i].text[0] != '0' ? *number : 0;
    } else if (!word.starts_with('-') || word == "-") {
      operands.push_back(word);
    } else {
      return std::nullopt;
    }
  }
  const Printed text = ReadInput(operands, context);
  if (!text || !IsKnown(*text) || columns == 0 || (!plain && !reverse) || text->size() > kMostPrinted / 3) {
    return std::nullopt;
  }
  if (!reverse) {
    return HexDigits(*text, columns);
  }
  return plain ? BytesOfPairs(*text) : BytesOfDump(*text);
}

}  // namespace safe_docker::shell
