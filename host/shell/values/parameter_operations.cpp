// The part of the expander that applies what stands behind the name in ${name...}.
#include <algorithm>
#include <array>

#include "expansion.hpp"
#include "quoting.hpp"
#include "syntax/lexer.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostText = 16384;
constexpr std::size_t kMostPattern = 1024;

std::string Unknown() { return std::string(1, kUnknownPart); }

std::string OrUnknown(std::optional<std::string> text) { return text ? std::move(*text) : Unknown(); }

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool IsWhole(const Part& part) {
  const bool literal = part.expansion->index != nullptr && part.expansion->index->next == nullptr &&
                       part.expansion->index->kind == Part::Kind::kLiteral;
  return part.name == "@" || part.name == "*" ||
         (literal && (part.expansion->index->text == "@" || part.expansion->index->text == "*"));
}

char Changed(char c, char operation) {
  const bool lower = c >= 'a' && c <= 'z';
  const bool upper = c >= 'A' && c <= 'Z';
  const bool changes =
      (operation == '^' && lower) || (operation == ',' && upper) || (operation == '~' && (lower || upper));
  return changes ? static_cast<char>(c ^ 0x20) : c;
}

// The operation `operation` on the letters of `text` that match; on the first one only unless it is doubled.
std::string CaseChanged(std::string text, std::string_view operation, const std::optional<Pattern>& pattern) {
  const bool all = operation.size() == 2;
  if (!IsAscii(text) || (!all && text.starts_with(kUnknownPart))) {
    return Unknown();
  }
  for (std::size_t i = 0; i < (all ? text.size() : std::min<std::size_t>(1, text.size())); ++i) {
    const Pattern::Match match = pattern ? pattern->Matches(std::string_view(text).substr(i, 1)) : Pattern::Match::kYes;
    if (text[i] != kUnknownPart && match == Pattern::Match::kUnknown) {
      return Unknown();
    }
    text[i] = match == Pattern::Match::kYes ? Changed(text[i], operation[0]) : text[i];
  }
  return text;
}

// ${text:from:length}
std::string SubstringOf(const std::string& text, std::int64_t from, std::optional<std::int64_t> length) {
  const std::size_t unknown = std::min(text.find(kUnknownPart), text.size());
  const bool front_only = from >= 0 && length && *length >= 0 &&
                          static_cast<std::uint64_t>(from) + static_cast<std::uint64_t>(*length) <= unknown;
  if (!IsAscii(text) || (unknown < text.size() && !front_only)) {
    return Unknown();
  }
  const auto size = static_cast<std::int64_t>(text.size());
  from = from < 0 ? from + size : from;
  if (from < 0 || from > size) {
    return "";
  }
  std::int64_t end = size;
  if (length) {
    end = *length < 0 ? size + *length : (*length > size - from ? size : from + *length);
  }
  return end < from ? Unknown() : text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(end - from));
}

}  // namespace

template <typename Function>
Expander::Value Expander::ForEach(Value value, Function function) {
  value.words = PrintedWords::kAny;
  if (value.any_count) {
    return UnknownList(value.is_star);
  }
  for (std::string& element : value.list) {
    element = function(std::move(element));
  }
  if (!value.is_list) {
    value.text = function(std::move(value.text));
  }
  return value;
}

std::optional<Pattern> Expander::PatternOf(const std::string& text, bool ignore_case) {
  const ShellOptions& options = state_->options;
  const bool extended = HasExtendedGlob(text);
  if ((extended && options.extglob == Setting::kUnknown) || text.size() > kMostPattern || !IsKnown(text) ||
      (ignore_case && options.nocasematch == Setting::kUnknown) || !runner_->Spend(1 + text.size() / 16)) {
    return std::nullopt;
  }
  return Pattern(text,
                 {extended && options.extglob == Setting::kOn, ignore_case && options.nocasematch == Setting::kOn});
}

Expander::Value Expander::RemovePattern(const Part& part, Value value) {
  const std::string text = ExpandToPattern(part.expansion->argument);
  const std::optional<Pattern> pattern = PatternOf(text, false);
  const bool front = part.expansion->operation[0] == '#';
  const bool longest = part.expansion->operation.size() == 2;
  return ForEach(std::move(value), [&](std::string element) {
    if (!pattern || element.size() > kMostText || !runner_->Spend(1 + element.size() * (1 + text.size()) / 512)) {
      return element.empty() ? element : Unknown();
    }
    const Pattern::Piece piece = front ? pattern->FindPrefix(element, longest) : pattern->FindSuffix(element, longest);
    if (piece.found == Pattern::Match::kUnknown) {
      return Unknown();
    }
    if (piece.found == Pattern::Match::kNo) {
      return element;
    }
    return front ? element.substr(piece.end) : element.substr(0, piece.end);
  });
}

Expander::Value Expander::Replace(const Part& part, Value value) {
  const bool anchored = part.expansion->operation.size() == 2 && part.expansion->operation != "//";
  FieldBuilder pattern_builder(FieldBuilder::Mode::kPattern, nullptr);
  anchored ? ExpandEach(part.expansion->argument, &pattern_builder)
           : ExpandParts(part.expansion->argument, false, &pattern_builder);
  const std::string text = pattern_builder.TakeOne().text;
  FieldBuilder builder(FieldBuilder::Mode::kReplacement, nullptr);
  ExpandParts(part.expansion->second_argument, false, &builder);
  const std::string replacement_text = builder.TakeOne().text;
  const std::optional<Pattern> pattern = PatternOf(text, true);
  Replacement replacement;
  replacement.text = replacement_text;
  replacement.all = part.expansion->operation == "//";
  replacement.anchor = part.expansion->operation == "/#" ? '#' : (part.expansion->operation == "/%" ? '%' : '\0');
  replacement.ampersand = state_->options.patsub_replacement != Setting::kOff;
  const bool unsure = !pattern || (state_->options.patsub_replacement == Setting::kUnknown &&
                                   replacement_text.find('&') != std::string::npos);
  return ForEach(std::move(value), [&](std::string element) {
    if (text.empty() && replacement.anchor == '\0') {
      return element;
    }
    const bool usable = !unsure && IsKnown(element) && element.size() <= kMostText &&
                        runner_->Spend(1 + element.size() * (1 + text.size()));
    return usable ? OrUnknown(ReplaceMatches(element, *pattern, replacement)) : Unknown();
  });
}

Expander::Value Expander::ChangeCase(const Part& part, Value value) {
  std::optional<Pattern> pattern;
  if (part.expansion->argument != nullptr) {
    const std::string text = ExpandToPattern(part.expansion->argument);
    pattern = PatternOf(text, false);
    if (!pattern) {
      return ForEach(std::move(value), [](const std::string&) { return Unknown(); });
    }
    pattern = text.empty() ? std::nullopt : pattern;
  }
  return ForEach(std::move(value), [&](std::string element) {
    const bool affordable = runner_->Spend(element.size() / 32);
    return affordable ? CaseChanged(std::move(element), part.expansion->operation, pattern) : Unknown();
  });
}

Expander::Value Expander::Slice(const Part& part, Value value) {
  const bool has_second = part.expansion->second_argument != nullptr;
  const ArithmeticResult from = Evaluate(ArithmeticText(part.expansion->argument));
  ArithmeticResult length;
  if (has_second) {
    length = Evaluate(ArithmeticText(part.expansion->second_argument));
  }
  constexpr auto kKnown = ArithmeticResult::Status::kKnown;
  const bool known = from.status == kKnown && (!has_second || length.status == kKnown);
  const std::optional<std::int64_t> count = has_second ? std::optional<std::int64_t>(length.value) : std::nullopt;
  if (IsWhole(part)) {
    return known && !value.any_count ? SliceList(part, std::move(value), from.value, count)
                                     : UnknownList(value.is_star);
  }
  if (!known) {
    return value.text.empty() ? value : UnknownValue();
  }
  value.words = PrintedWords::kAny;
  value.text = SubstringOf(value.text, from.value, count);
  return value;
}

// Of the positional parameters $0 is the first; of an array the offset is an index.
Expander::Value Expander::SliceList(const Part& part, Value value, std::int64_t from,
                                    std::optional<std::int64_t> length) {
  if (length && *length < 0) {
    return UnknownList(value.is_star);
  }
  std::vector<std::int64_t> places;
  const ShellVariable* variable = state_->Find(SplitReference(ResolvedName(part.name)).first);
  const bool positional = part.name == "@" || part.name == "*";
  const bool indexed = !positional && variable != nullptr && variable->is_array && !variable->is_associative;
  const bool by_index = indexed && variable->elements.size() == value.list.size();
  if (positional) {
    value.list.insert(value.list.begin(), LookupSpecial("0").text);
  }
  for (std::size_t i = 0; i < value.list.size(); ++i) {
    places.push_back(by_index ? variable->elements[i].index : static_cast<std::int64_t>(i));
  }
  const bool associative = variable != nullptr && variable->is_associative && !positional;
  from = associative ? std::max<std::int64_t>(from - 1, from < 0 ? from : 0) : from;
  if (from < 0) {
    from += places.empty() ? 0 : places.back() + 1;
  }
  Value result;
  result.is_list = true;
  result.is_star = value.is_star;
  for (std::size_t i = 0; i < value.list.size() && from >= 0; ++i) {
    if (places[i] >= from && (!length || static_cast<std::int64_t>(result.list.size()) < *length)) {
      result.list.push_back(std::move(value.list[i]));
    }
  }
  result.is_set = !result.list.empty();
  return result;
}

std::string Expander::Attributes(std::string_view name) {
  const ShellVariable variable = state_->Get(name);
  std::string letters;
  letters.append(variable.is_array ? (variable.is_associative ? "A" : "a") : "");
  letters.append(variable.is_integer ? "i" : "").append(variable.readonly != Setting::kOff ? "r" : "");
  letters.append(variable.exported ? "x" : "");
  return variable.letter_case == '\0' ? letters : letters + variable.letter_case;
}

// ${name@A} and the like: a command that makes the variable again.
Expander::Value Expander::Declaration(const Part& part, const Value& value) {
  const std::string name = ResolvedName(part.name);
  const ShellVariable* variable = state_->Find(name);
  const bool sure = variable != nullptr && variable->readonly != Setting::kUnknown && !part.indirect &&
                    (variable->state == Variable::State::kKnown || variable->is_array) && !value.any_count;
  if (!sure) {
    return IsWhole(part) ? UnknownList(value.is_star) : UnknownValue();
  }
  const std::string attributes = Attributes(name);
  std::string text;
  if (IsWhole(part) && variable->is_array) {
    for (const ArrayElement& element : variable->elements) {
      const std::string key =
          variable->is_associative ? OrUnknown(KeyQuoted(element.key)) : std::to_string(element.index);
      text.append(text.empty() || variable->is_associative ? "" : " ");
      text.append("[" + key + "]=" + OrUnknown(DoublyQuoted(element.value)));
      text.append(variable->is_associative ? " " : "");
    }
    text = name + "=(" + text + ")";
  } else {
    text = name + "=" + OrUnknown(ReusablyQuoted(value.is_list ? JoinedList(value) : value.text));
  }
  if (attributes.empty()) {
    return Text(text);
  }
  if (!IsWhole(part) || !variable->is_array) {
    return Text("declare -" + attributes + " " + text);
  }
  Value command;
  command.is_list = true;
  command.is_star = value.is_star;
  command.list = {"declare", "-" + attributes, std::move(text)};
  return command;
}

Expander::Value Expander::Transform(const Part& part, Value value) {
  const std::string operator_text = ExpandToOne(part.expansion->argument, false).text;
  const char kind = operator_text.size() == 1 ? operator_text[0] : '\0';
  const std::string name = ResolvedName(part.name);
  const ShellVariable* variable = state_->Find(name);
  const bool is_array = variable != nullptr && variable->is_array && IsWhole(part);
  if (!value.is_set && !value.any_count && IsKnown(value.text)) {
    return kind == 'A' || kind == 'a'
               ? (variable == nullptr ? UnknownValue() : Text(kind == 'a' ? Attributes(name) : ""))
               : value;
  }
  if (!runner_->Spend(value.text.size() / 32 + value.list.size())) {
    return UnknownList(value.is_star);
  }
  switch (kind) {
    case 'Q':
      return ForEach(std::move(value), [](const std::string& text) { return OrUnknown(ReusablyQuoted(text)); });
    case 'E':
      return ForEach(std::move(value), [](const std::string& text) { return OrUnknown(AnsiUnescaped(text)); });
    case 'U':
    case 'L':
    case 'u': {
      const std::string_view operation = kind == 'U' ? "^^" : (kind == 'L' ? ",," : "^");
      return ForEach(std::move(value),
                     [&](std::string text) { return CaseChanged(std::move(text), operation, std::nullopt); });
    }
    case 'P':
      return ForEach(std::move(value), [this](const std::string& text) {
        const std::string expanded = ExpandAgain(text);
        return text.find('\\') == std::string::npos && text.find('!') == std::string::npos ? expanded : Unknown();
      });
    case 'A':
      return Declaration(part, value);
    case 'a': {
      const bool sure = variable != nullptr && variable->readonly != Setting::kUnknown && !part.indirect;
      const std::string letters = sure ? Attributes(name) : Unknown();
      return ForEach(std::move(value), [&letters](const std::string&) { return letters; });
    }
    case 'K':
    case 'k':
      break;
    default:
      return UnknownList(value.is_star);
  }
  if (!is_array || value.any_count) {
    return ForEach(std::move(value), [](const std::string& text) { return OrUnknown(ReusablyQuoted(text)); });
  }
  Value pairs;
  pairs.is_list = true;
  pairs.is_star = value.is_star;
  std::string joined;
  for (const ArrayElement& element : variable->elements) {
    const std::string key = variable->is_associative ? element.key : std::to_string(element.index);
    pairs.list.push_back(key);
    pairs.list.push_back(element.value);
    joined.append(joined.empty() || variable->is_associative ? "" : " ").append(OrUnknown(KeyQuoted(key))).append(" ");
    joined.append(OrUnknown(DoublyQuoted(element.value))).append(variable->is_associative ? " " : "");
  }
  return kind == 'k' ? pairs : Text(joined);
}

Expander::Value Expander::ApplyOperation(const Part& part, Value value) {
  switch (part.expansion->operation[0]) {
    case '#':
    case '%':
      return RemovePattern(part, std::move(value));
    case '/':
      return Replace(part, std::move(value));
    case '^':
    case ',':
    case '~':
      return ChangeCase(part, std::move(value));
    case ':':
      return Slice(part, std::move(value));
    case '@':
      return Transform(part, std::move(value));
    default:
      ExpandToOne(part.expansion->argument, false);
      return UnknownList(value.is_star);
  }
}

}  // namespace safe_docker::shell
