// awk, as far as it prints fields and words.
#include <algorithm>

#include "tool.hpp"

namespace safe_docker::shell {
namespace {

// What print is given: text, or a field.
struct Item {
  enum class Kind : std::uint8_t { kText, kField, kLastField };
  Kind kind = Kind::kText;
  std::string text;
  std::size_t field = 0;
  bool after_comma = false;
};

struct Rule {
  bool at_begin = false;
  std::size_t line = 0;  // NR==line; 0: every line
  std::vector<Item> items;
};

// [BEGIN | NR==N] { print [ITEM [, ITEM]...] }
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  std::optional<Rule> Read() {
    Rule rule;
    if (Take("BEGIN")) {
      rule.at_begin = true;
    } else if (Take("NR")) {
      const std::optional<std::size_t> number = Take("==") ? ReadNumber() : std::nullopt;
      if (number.value_or(0) == 0) {
        return std::nullopt;
      }
      rule.line = *number;
    }
    if (!Take("{") || !Take("print")) {
      return std::nullopt;
    }
    for (bool comma = false; !LooksAt("}") && !LooksAt(";"); comma = Take(",")) {
      Item item;
      item.after_comma = comma;
      if (!ReadItem(&item)) {
        return std::nullopt;
      }
      rule.items.push_back(std::move(item));
      trailing_comma_ = LooksAt(",");
    }
    Take(";");
    const bool whole = Take("}") && at_ == text_.size() && !trailing_comma_;
    if (rule.items.empty()) {
      rule.items.push_back({Item::Kind::kField, {}, 0, false});
    }
    const bool fields_at_begin =
        rule.at_begin && std::any_of(rule.items.begin(), rule.items.end(),
                                     [](const Item& item) { return item.kind != Item::Kind::kText; });
    return whole && !fields_at_begin ? std::optional(std::move(rule)) : std::nullopt;
  }

 private:
  void SkipBlanks() { at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size()); }
  bool LooksAt(std::string_view what) {
    SkipBlanks();
    return text_.substr(at_).starts_with(what);
  }
  bool Take(std::string_view what) {
    if (!LooksAt(what)) {
      return false;
    }
    at_ += what.size();
    SkipBlanks();
    return true;
  }

  std::optional<std::size_t> ReadNumber() {
    const std::size_t end = std::min(text_.find_first_not_of("0123456789", at_), text_.size());
    const std::optional<std::size_t> number = ParseNumber(text_.substr(at_, end - at_));
    at_ = end;
    const char next = at_ < text_.size() ? text_[at_] : '}';
    return std::string_view(" \t,;}{\"").find(next) == std::string_view::npos ? std::nullopt : number;
  }

  bool ReadItem(Item* item) {
    if (LooksAt("\"")) {
      ++at_;
      const std::size_t end = text_.find('"', at_);
      if (end == std::string_view::npos) {
        return false;
      }
      item->text = std::string(text_.substr(at_, end - at_));
      at_ = end + 1;
      return item->text.find_first_of("\\\n") == std::string::npos;
    }
    if (Take("$NF")) {
      item->kind = Item::Kind::kLastField;
      return LooksAt(",") || LooksAt(";") || LooksAt("}") || LooksAt("\"") || LooksAt("$");
    }
    if (!Take("$")) {
      return false;
    }
    item->kind = Item::Kind::kField;
    const std::optional<std::size_t> number = ReadNumber();
    item->field = number.value_or(0);
    return number && *number <= 100 && (LooksAt(",") || LooksAt(";") || LooksAt("}") || LooksAt("\"") || LooksAt("$"));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool trailing_comma_ = false;
};

// `separator` is a blank for runs of blanks.
std::vector<std::string_view> SplitFields(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  if (separator == ' ') {
    for (std::size_t at = line.find_first_not_of(" \t"); at != std::string_view::npos;) {
      const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
      fields.push_back(line.substr(at, end - at));
      at = line.find_first_not_of(" \t", end);
    }
    return fields;
  }
  for (std::size_t at = 0; at <= line.size() && !line.empty();) {
    const std::size_t end = std::min(line.find(separator, at), line.size());
    fields.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return fields;
}

std::string PrintedLine(const Rule& rule, std::string_view line, char separator) {
  const std::vector<std::string_view> fields = SplitFields(line, separator);
  std::string out;
  for (const Item& item : rule.items) {
    out.append(item.after_comma ? " " : "");
    const std::size_t field = item.kind == Item::Kind::kLastField ? fields.size() : item.field;
    if (item.kind == Item::Kind::kText) {
      out.append(item.text);
    } else if (field == 0) {
      out.append(line);
    } else if (field <= fields.size()) {
      out.append(fields[field - 1]);
    }
  }
  return out + "\n";
}

// Separators that no awk takes for an expression or a name.
std::optional<char> ReadSeparator(std::string_view text) {
  if (text == "\\t" || text == "\t") {
    return '\t';
  }
  const bool plain = text.size() == 1 && std::string_view(" ,:;=@/-_#%&!~\"").find(text) != std::string_view::npos;
  return plain ? std::optional(text[0]) : std::nullopt;
}

}  // namespace

Printed PrintFields(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {"", "F"});
  if (!arguments || arguments->operands.empty() || arguments->operands.size() > 2) {
    return std::nullopt;
  }
  const std::optional<Rule> rule = RuleReader(arguments->operands[0]).Read();
  const std::optional<char> separator = ReadSeparator(arguments->ValueOf('F').value_or(" "));
  if (!rule || !separator) {
    return std::nullopt;
  }
  if (rule->at_begin) {
    return PrintedLine(*rule, "", ' ');
  }
  const std::vector<std::string_view> files(arguments->operands.begin() + 1, arguments->operands.end());
  // NAME=value is an assignment.
  const Printed text =
      !files.empty() && files[0].find('=') != std::string_view::npos ? std::nullopt : ReadInput(files, context);
  if (!text || !IsAscii(*text)) {
    return std::nullopt;
  }
  const KnownLines known = LinesBeforeUnknown(*text);
  std::string out;
  std::size_t number = 0;
  for (std::string_view rest = known.lines; !rest.empty() && out.size() <= kMostPrinted;) {
    const std::string_view line = WithoutBreak(TakeLine(&rest));
    ++number;
    if (rule->line == 0 || rule->line == number) {
      out.append(PrintedLine(*rule, line, *separator));
    }
  }
  return WithRest(std::move(out), rule->line != 0 && number >= rule->line ? KnownLines() : known);
}

}  // namespace safe_docker::shell
