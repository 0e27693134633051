// The small tools that copy, order and count lines.
#include <algorithm>
#include <map>

#include "tool.hpp"

namespace safe_docker::shell {
namespace {

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(WithoutBreak(TakeLine(&text)));
  }
  return lines;
}

// A number as `cat -n` and `uniq -c` print it.
std::string Padded(std::size_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(width > digits.size() ? width - digits.size() : 0, ' ') + digits;
}

struct CatOptions {
  bool number = false;
  bool number_filled = false;
  bool show_ends = false;
  bool show_tabs = false;
};

std::string Decorated(std::string_view text, const CatOptions& options) {
  std::string out;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view line = TakeLine(&text);
    const bool filled = line != "\n";
    if (options.number_filled ? filled : options.number) {
      out.append(Padded(++number, 6)).push_back('\t');
    }
    for (const char c : WithoutBreak(line)) {
      options.show_tabs&& c == '\t' ? out.append("^I") : out.append(1, c);
    }
    if (line.ends_with('\n')) {
      out.append(options.show_ends ? "$\n" : "\n");
    }
  }
  return out;
}

// The records of `text`, each with what ends it.
std::vector<std::string_view> Records(std::string_view text) {
  std::vector<std::string_view> records;
  while (!text.empty()) {
    records.push_back(TakeLine(&text));
  }
  return records;
}

bool IsPlainInteger(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  return !digits.empty() && digits.size() < 18 && digits.find_first_not_of("0123456789") == std::string_view::npos &&
         (digits[0] != '0' || (digits.size() == 1 && !negative));
}

bool NumberLess(std::string_view left, std::string_view right) {
  const bool left_negative = left.starts_with('-');
  if (left_negative != right.starts_with('-')) {
    return left_negative;
  }
  if (left.size() != right.size()) {
    return (left.size() < right.size()) != left_negative;
  }
  return (left < right) != left_negative && left != right;
}

struct Repeated {
  std::string_view line;
  std::size_t count = 1;
};

std::vector<Repeated> CountRepeated(std::string_view text) {
  std::vector<Repeated> lines;
  for (const std::string_view line : SplitLines(text)) {
    if (!lines.empty() && lines.back().line == line) {
      ++lines.back().count;
    } else {
      lines.push_back({line});
    }
  }
  return lines;
}

// The delimiters of paste, with their escapes decoded; nothing for those that differ.
std::optional<std::string> ReadDelimiters(std::string_view list) {
  std::string delimiters;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] != '\\') {
      delimiters.push_back(list[i]);
      continue;
    }
    const char next = ++i < list.size() ? list[i] : '\0';
    const std::size_t which = std::string_view("nt\\").find(next);
    if (which == std::string_view::npos) {
      return std::nullopt;
    }
    delimiters.push_back("\n\t\\"[which]);
  }
  return delimiters.empty() || !IsAscii(list) ? std::nullopt : std::optional(std::move(delimiters));
}

}  // namespace

Printed PrintFiles(const Words& words, const ToolContext& context) {
  constexpr std::string_view kLong =
      " number:n number-nonblank:b show-ends:E show-tabs:T show-nonprinting:v show-all:A ";
  const std::optional<Arguments> arguments = ParseArguments(words, {"nbETvAetu", "", "", kLong});
  if (!arguments) {
    return std::nullopt;
  }
  Printed text = ReadInputs(arguments->operands, context);
  if (!text || arguments->options.empty() || text->size() > kMostPrinted) {
    return text;
  }
  CatOptions options;
  bool nonprinting = false;
  for (const Option& option : arguments->options) {
    options.number = options.number || option.letter == 'n';
    options.number_filled = options.number_filled || option.letter == 'b';
    options.show_ends = options.show_ends || std::string_view("EAe").find(option.letter) != std::string_view::npos;
    options.show_tabs = options.show_tabs || std::string_view("TAt").find(option.letter) != std::string_view::npos;
    nonprinting = nonprinting || std::string_view("vAet").find(option.letter) != std::string_view::npos;
  }
  const KnownLines known = LinesBeforeUnknown(*text);
  if (nonprinting && !IsPlainText(known.lines)) {
    return std::nullopt;
  }
  // With -E, a carriage return before the line break is shown too.
  if (options.show_ends && known.lines.find('\r') != std::string_view::npos) {
    return std::nullopt;
  }
  return WithRest(Decorated(known.lines, options), known);
}

Printed PrintLinesBackwards(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {""});
  const Printed text = arguments ? ReadInput(arguments->operands, context) : std::nullopt;
  if (!text || !IsKnown(*text)) {
    return std::nullopt;
  }
  const std::vector<std::string_view> records = Records(*text);
  std::string out;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    out.append(*record);
  }
  return out;
}

Printed PrintReversed(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {""});
  const Printed text = arguments ? ReadInput(arguments->operands, context) : std::nullopt;
  if (!text || !IsAscii(*text)) {
    return std::nullopt;
  }
  const KnownLines known = LinesBeforeUnknown(*text);
  std::string out;
  for (std::string_view rest = known.lines; !rest.empty();) {
    const std::string_view line = TakeLine(&rest);
    const std::string_view content = WithoutBreak(line);
    out.append(content.rbegin(), content.rend()).append(line.substr(content.size()));
  }
  return WithRest(std::move(out), known);
}

Printed PrintTee(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {"aip", "", "", " append:a ignore-interrupts:i "});
  if (!arguments || context.input == nullptr) {
    return std::nullopt;
  }
  // Some names are standard output again.
  const bool odd = std::any_of(arguments->operands.begin(), arguments->operands.end(), [](std::string_view operand) {
    return operand == "-" ||
           (operand != "/dev/null" && (operand.find("dev/") != operand.npos || operand.find("proc/") != operand.npos));
  });
  return odd ? std::nullopt : Printed(*context.input);
}

Printed PrintSorted(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments =
      ParseArguments(words, {"urn", "", "", " unique:u reverse:r numeric-sort:n "});
  const Printed text = arguments ? ReadInput(arguments->operands, context) : std::nullopt;
  if (!text || !IsKnown(*text)) {
    return std::nullopt;
  }
  std::vector<std::string_view> lines = SplitLines(*text);
  const bool numbers = std::all_of(lines.begin(), lines.end(), IsPlainInteger);
  const bool digits = std::all_of(lines.begin(), lines.end(), [](std::string_view line) {
    return line.find_first_not_of("0123456789") == std::string_view::npos;
  });
  const bool numeric = arguments->Has('n');
  const bool same = std::all_of(lines.begin(), lines.end(), [&lines](auto line) { return line == lines[0]; });
  if (!same && (numeric ? !numbers : !digits && !SortsByBytes(context))) {
    return std::nullopt;
  }
  numeric ? std::sort(lines.begin(), lines.end(), NumberLess) : std::sort(lines.begin(), lines.end());
  if (arguments->Has('u')) {
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  }
  if (arguments->Has('r')) {
    std::reverse(lines.begin(), lines.end());
  }
  std::string out;
  for (const std::string_view line : lines) {
    out.append(line).push_back('\n');
  }
  return out;
}

Printed PrintUnique(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {"cdu", "", "", " count:c repeated:d unique:u "});
  const Printed text = arguments ? ReadInput(arguments->operands, context) : std::nullopt;
  if (!text || !IsKnown(*text) || !IsAscii(*text) || arguments->options.size() > 1) {
    return std::nullopt;
  }
  std::string out;
  for (const Repeated& each : CountRepeated(*text)) {
    if (arguments->Has('d') ? each.count == 1 : arguments->Has('u') && each.count > 1) {
      continue;
    }
    out.append(arguments->Has('c') ? Padded(each.count, 7) + " " : "").append(each.line).push_back('\n');
    if (out.size() > kMostPrinted) {
      return std::nullopt;
    }
  }
  return out;
}

Printed PrintCounts(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {"lcw", "", "", " lines:l bytes:c words:w "});
  const Printed text = arguments ? ReadInput(arguments->operands, context) : std::nullopt;
  if (!text || !IsKnown(*text) || arguments->options.size() != 1) {
    return std::nullopt;
  }
  std::size_t count = text->size();
  if (arguments->Has('l')) {
    count = static_cast<std::size_t>(std::count(text->begin(), text->end(), '\n'));
  } else if (arguments->Has('w')) {
    if (!IsPlainText(*text)) {
      return std::nullopt;
    }
    count = 0;
    bool inside = false;
    for (const char c : *text) {
      const bool blank = c == ' ' || c == '\n' || c == '\t';
      count += !blank && !inside ? 1 : 0;
      inside = !blank;
    }
  }
  const std::string name = arguments->operands.empty() ? "" : " " + std::string(arguments->operands[0]);
  return std::to_string(count) + name + "\n";
}

Printed PrintFolded(const Words& given, const ToolContext& context) {
  Words words = given;
  if (const std::optional<std::string_view> digits = DigitsOption(words); digits) {
    words[1].text = "-w" + std::string(*digits);
  }
  const std::optional<Arguments> arguments = ParseArguments(words, {"b", "w", "", " width:w bytes:b "});
  const Printed text = arguments ? ReadInput(arguments->operands, context) : std::nullopt;
  const std::optional<std::size_t> width =
      arguments ? ParseNumber(arguments->ValueOf('w').value_or("80")) : std::nullopt;
  if (!text || !width || *width == 0) {
    return std::nullopt;
  }
  const KnownLines known = LinesBeforeUnknown(*text);
  if (!IsPlainText(known.lines) || known.lines.find('\t') != std::string_view::npos) {
    return std::nullopt;
  }
  std::string out;
  for (std::string_view rest = known.lines; !rest.empty();) {
    std::string_view line = TakeLine(&rest);
    while (WithoutBreak(line).size() > *width) {
      out.append(line.substr(0, *width)).push_back('\n');
      line.remove_prefix(*width);
    }
    out.append(line);
  }
  return WithRest(std::move(out), known);
}

Printed PrintPasted(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {"s", "d", "", " serial:s delimiters:d "});
  const bool serial = arguments && arguments->Has('s');
  const bool only_input = arguments && std::all_of(arguments->operands.begin(), arguments->operands.end(),
                                                   [](std::string_view operand) { return operand == "-"; });
  const std::optional<std::string> delimiters =
      arguments ? ReadDelimiters(arguments->ValueOf('d').value_or("\\t")) : std::nullopt;
  if (!only_input || !delimiters || context.input == nullptr || !IsKnown(*context.input) ||
      (serial && arguments->operands.size() > 1)) {
    return std::nullopt;
  }
  const std::vector<std::string_view> lines = SplitLines(*context.input);
  const std::size_t columns = std::max<std::size_t>(serial ? lines.size() : arguments->operands.size(), 1);
  std::string out = serial && lines.empty() ? "\n" : "";
  for (std::size_t i = 0; i < lines.size() && out.size() <= kMostPrinted; i += columns) {
    for (std::size_t column = 0; column < columns; ++column) {
      out.append(i + column < lines.size() ? lines[i + column] : std::string_view());
      out.push_back(column + 1 < columns ? (*delimiters)[column % delimiters->size()] : '\n');
    }
  }
  return out.size() > kMostPrinted ? Printed() : out;
}

Printed PrintUnixText(const Words& words, const ToolContext& context) {
  if (words.size() != 1 || context.input == nullptr || !IsKnown(*context.input)) {
    return std::nullopt;
  }
  std::string out;
  for (std::string_view rest = *context.input; !rest.empty();) {
    const std::string_view line = TakeLine(&rest);
    const std::string_view content = line.ends_with("\r\n") ? line.substr(0, line.size() - 2) : WithoutBreak(line);
    if (!IsPlainText(content)) {
      return std::nullopt;
    }
    out.append(content).append(line.ends_with('\n') ? "\n" : "");
  }
  return out;
}

Printed PrintDosText(const Words& words, const ToolContext& context) {
  if (words.size() != 1 || context.input == nullptr || !IsPlainText(*context.input)) {
    return std::nullopt;
  }
  std::string out;
  for (const char c : *context.input) {
    out.append(c == '\n' ? "\r" : "").push_back(c);
  }
  return out;
}

}  // namespace safe_docker::shell
