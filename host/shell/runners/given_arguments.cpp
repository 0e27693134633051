#include "given_arguments.hpp"

#include <algorithm>
#include <charconv>

#include "file_system.hpp"
#include "joined_words.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostInput = 65536;

struct XargsRules {
  std::optional<char> delimiter;
  std::string replacement;
  std::size_t most_arguments = 0;  // 0: no bound
  std::size_t most_lines = 0;
  bool runs_without = true;  // also if there is no argument
  bool known = true;
};

std::size_t NumberIn(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

// The value of -d: one character or an escape for one.
std::optional<char> DelimiterIn(std::string_view text) {
  if (text.size() == 1) {
    return text[0];
  }
  constexpr std::string_view kLetters = "abfnrtv0\\";
  const std::size_t which = text.size() == 2 && text[0] == '\\' ? kLetters.find(text[1]) : kLetters.npos;
  return which == kLetters.npos ? std::nullopt : std::optional(std::string_view("\a\b\f\n\r\t\v\0\\", 9)[which]);
}

// Of options that exclude one another the last counts.
void ReadRule(const GivenOption& option, XargsRules* rules) {
  const std::string_view name = option.name;
  if (name == "0" || name == "null") {
    rules->delimiter = '\0';
  } else if (name == "d" || name == "delimiter") {
    rules->delimiter = DelimiterIn(option.value);
    rules->known = rules->known && rules->delimiter.has_value();
  } else if (name == "I" || name == "i" || name == "replace") {
    rules->replacement = option.value.empty() ? "{}" : option.value;
    rules->most_arguments = rules->most_lines = 0;
  } else if (name == "n" || name == "max-args") {
    const std::size_t number = NumberIn(option.value);
    rules->known = rules->known && number > 0;
    if (rules->replacement.empty() || number != 1) {
      *rules = {rules->delimiter, {}, number, 0, rules->runs_without, rules->known};
    }
  } else if (name == "L" || name == "l" || name == "max-lines") {
    const std::size_t number = option.value.empty() ? 1 : NumberIn(option.value);
    *rules = {rules->delimiter, {}, 0, number, rules->runs_without, rules->known && number > 0};
  } else if (name == "r" || name == "no-run-if-empty") {
    rules->runs_without = false;
  } else {
    rules->known = name == "a" || name == "arg-file" ? rules->known : false;
  }
}

struct Item {
  std::string text;
  std::size_t line = 0;
};

// Splits at blanks and line breaks, or at line breaks alone, with quotes and backslashes. False if a quote stays open.
bool SplitQuoted(std::string_view input, bool lines_only, std::vector<Item>* items) {
  std::size_t line = 0;
  std::size_t at = 0;
  while (true) {
    at = input.find_first_not_of(" \t\n", at);
    if (at == input.npos) {
      return true;
    }
    Item item{{}, line};
    for (; at < input.size() && input[at] != '\n' && (lines_only || (input[at] != ' ' && input[at] != '\t')); ++at) {
      if (input[at] == '\\' && at + 1 < input.size()) {
        item.text.push_back(input[++at]);
      } else if (input[at] == '\'' || input[at] == '"') {
        const std::size_t end = input.find_first_of(std::string{input[at], '\n'}, at + 1);
        if (end == input.npos || input[end] == '\n') {
          return false;
        }
        item.text.append(input.substr(at + 1, end - at - 1));
        at = end;
      } else {
        item.text.push_back(input[at]);
      }
    }
    line += at < input.size() && input[at] == '\n' ? 1 : 0;  // a blank at the end continues the line
    const std::size_t rest = std::min(input.find_first_not_of(" \t", at), input.size());
    const bool ends_in_blank = rest > at && rest < input.size() && input[rest] == '\n';
    at = ends_in_blank ? rest + 1 : at;
    items->push_back(std::move(item));
  }
}

void SplitAt(std::string_view input, char delimiter, std::vector<Item>* items) {
  while (!input.empty()) {
    const std::size_t end = std::min(input.find(delimiter), input.size());
    items->push_back({std::string(input.substr(0, end)), items->size()});
    input.remove_prefix(std::min(end + 1, input.size()));
  }
}

}  // namespace

std::vector<std::string> LinesOf(std::string_view text, char end) {
  std::vector<Item> items;
  SplitAt(text, end, &items);
  std::vector<std::string> lines;
  for (Item& item : items) {
    lines.push_back(std::move(item.text));
  }
  return lines;
}

std::optional<std::vector<std::vector<std::string>>> XargsGroups(const Prefix& prefix, std::string_view input) {
  XargsRules rules;
  for (const GivenOption& option : prefix.options) {
    ReadRule(option, &rules);
  }
  std::vector<Item> items;
  if (!rules.known || input.size() > kMostInput || (!IsKnown(input) && rules.delimiter != '\0')) {
    return std::nullopt;
  }
  if (rules.delimiter) {
    SplitAt(input, *rules.delimiter, &items);
  } else if (!SplitQuoted(input, !rules.replacement.empty(), &items)) {
    return std::nullopt;
  }
  std::vector<std::vector<std::string>> groups;
  const bool replaces = !rules.replacement.empty();
  std::size_t first_line = 0;
  for (Item& item : items) {
    const bool full =
        !groups.empty() && (replaces || (rules.most_arguments > 0 && groups.back().size() >= rules.most_arguments) ||
                            (rules.most_lines > 0 && item.line >= first_line + rules.most_lines));
    if (groups.empty() || full) {
      groups.emplace_back();
      first_line = item.line;
    }
    groups.back().push_back(std::move(item.text));
  }
  if (items.empty() && rules.runs_without && !replaces) {
    groups.emplace_back();
  }
  return groups.size() > kMostGivenCommands ? std::nullopt : std::optional(std::move(groups));
}

std::string ReplacementOf(const Prefix& prefix) {
  XargsRules rules;
  for (const GivenOption& option : prefix.options) {
    ReadRule(option, &rules);
  }
  return rules.replacement;
}

std::vector<Word> WithReplacement(std::vector<Word> words, std::string_view from, std::string_view value) {
  for (std::size_t i = 1; i < words.size() && !from.empty(); ++i) {
    std::string& text = words[i].text;
    for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + value.size())) {
      text.replace(at, from.size(), value);
    }
  }
  return words;
}

bool IsPlainParallel(const Prefix& prefix) {
  return std::all_of(prefix.options.begin(), prefix.options.end(), [](const GivenOption& option) {
    constexpr std::string_view kPlain = " a arg-file I i replace 0 null ";
    return option.role != OptionRole::kNoted ||
           kPlain.find(" " + std::string(option.name) + " ") != std::string_view::npos;
  });
}

std::vector<ArgumentSource> TakeArgumentSources(std::vector<Word>* words) {
  std::vector<ArgumentSource> sources;
  std::size_t end = words->size();
  for (std::size_t i = 0; i < words->size(); ++i) {
    const std::string_view text = (*words)[i].text;
    if (text == ":::" || text == ":::+" || text == "::::" || text == "::::+") {
      end = std::min(end, i);
      sources.push_back({text.starts_with("::::"), text.ends_with('+'), {}});
    } else if (!sources.empty()) {
      sources.back().values.push_back((*words)[i].may_split ? std::string(1, kUnknownPart) : (*words)[i].text);
    }
  }
  words->resize(end);
  return sources;
}

namespace {

std::string_view WithoutExtension(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot != path.npos && path.find('/', dot) == path.npos ? path.substr(0, dot) : path;
}

// What parallel puts for what stands between the braces of a replacement string; nothing if it is none.
std::optional<std::string> ReplacementFor(std::string_view inner, const std::vector<std::string>& values) {
  std::size_t digits = 0;
  const std::size_t number = std::min(inner.find_first_not_of("0123456789"), inner.size());
  digits = NumberIn(inner.substr(0, number));
  const std::string_view operation = inner.substr(number);
  constexpr std::string_view kOperations = "  . / // /. # % ";
  if (number > 0 && (digits == 0 || digits > values.size())) {
    return std::nullopt;
  }
  if (operation.starts_with("=") || operation == "#" || operation == "%") {
    return std::string(1, kUnknownPart);
  }
  if (kOperations.find(" " + std::string(operation) + " ") == kOperations.npos) {
    return std::nullopt;
  }
  std::string result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (digits != 0 && digits != i + 1) {
      continue;
    }
    std::string_view value = values[i];
    if (operation == "//") {
      const std::size_t slash = value.rfind('/');
      value = slash == value.npos ? "." : value.substr(0, slash);
    } else {
      value = operation.starts_with("/") ? BaseName(value) : value;
      value = operation.ends_with(".") ? WithoutExtension(value) : value;
    }
    result.append(result.empty() ? "" : " ").append(Quoted({std::string(value), {}, false, {}}));
  }
  return result;
}

std::string ParallelText(std::string_view command, std::string_view replacement,
                         const std::vector<std::string>& values) {
  std::string text;
  bool replaced = false;
  while (!command.empty()) {
    const bool own = !replacement.empty() && command.starts_with(replacement);
    const std::size_t end = command[0] == '{' ? command.find('}') : command.npos;
    const std::optional<std::string> value =
        own ? ReplacementFor("", values)
            : (end == command.npos ? std::nullopt : ReplacementFor(command.substr(1, end - 1), values));
    if (value) {
      text.append(*value);
      command.remove_prefix(own ? replacement.size() : end + 1);
      replaced = true;
    } else {
      text.push_back(command[0]);
      command.remove_prefix(1);
    }
  }
  if (text.empty()) {
    for (const std::string& value : values) {
      text.append(text.empty() ? "" : " ").append(value);
    }
    return text;
  }
  return replaced ? text : text + " " + ReplacementFor("", values).value_or("");
}

}  // namespace

std::optional<std::vector<std::string>> ParallelTexts(std::string_view command, std::string_view replacement,
                                                      const std::vector<ArgumentSource>& sources) {
  std::vector<std::vector<std::string>> rows = {{}};
  for (std::size_t s = 0; s < sources.size(); ++s) {
    std::vector<std::vector<std::string>> longer;
    const std::vector<std::string>& values = sources[s].values;
    if (sources[s].linked && s > 0) {
      // Which values go together depends on the lists' lengths.
      longer.assign(rows.begin(), rows.end());
      for (std::size_t i = 0; i < longer.size(); ++i) {
        longer[i].push_back(sources.size() == 2 && i < values.size() ? values[i] : std::string(1, kUnknownPart));
      }
    } else {
      for (const std::vector<std::string>& row : rows) {
        for (const std::string& value : values) {
          longer.push_back(row);
          longer.back().push_back(value);
          if (longer.size() > kMostGivenCommands) {
            return std::nullopt;
          }
        }
      }
    }
    rows = std::move(longer);
  }
  std::vector<std::string> texts;
  for (const std::vector<std::string>& row : rows) {
    texts.push_back(ParallelText(command, replacement, row));
  }
  return texts;
}

}  // namespace safe_docker::shell
