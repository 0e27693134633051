#include "tool.hpp"

#include <algorithm>
#include <array>

#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

bool Holds(std::string_view letters, char letter) { return letters.find(letter) != std::string_view::npos; }

// The letter of a long option by its full name; NUL if there is none.
char LetterOf(std::string_view name, std::string_view long_options) {
  const std::string entry = " " + std::string(name) + ":";
  const std::size_t at = name.empty() ? std::string_view::npos : long_options.find(entry);
  return at == std::string_view::npos ? '\0' : long_options[at + entry.size()];
}

class ArgumentReader {
 public:
  ArgumentReader(const Words& words, const Grammar& grammar) : words_(words), grammar_(grammar) {}

  std::optional<Arguments> Read() {
    bool options_end = false;
    for (at_ = 1; at_ < words_.size(); ++at_) {
      const std::string_view text = words_[at_].text;
      if (words_[at_].may_split || !IsKnown(text)) {
        return std::nullopt;
      }
      const bool is_number = grammar_.negative_numbers && text.size() > 1 && text[1] >= '0' && text[1] <= '9';
      if (options_end || text.size() < 2 || text[0] != '-' || is_number) {
        arguments_.operands.push_back(text);
      } else if (text == "--") {
        options_end = true;
      } else if (!(text[1] == '-' ? ReadLong(text.substr(2)) : ReadShort(text.substr(1)))) {
        return std::nullopt;
      }
    }
    return std::move(arguments_);
  }

 private:
  bool ReadLong(std::string_view text) {
    const std::size_t equals = text.find('=');
    const char letter = LetterOf(text.substr(0, equals), grammar_.long_options);
    if (letter == '\0') {
      return false;
    }
    const bool has_value = equals != std::string_view::npos;
    std::string_view value = has_value ? text.substr(equals + 1) : std::string_view();
    if (Holds(grammar_.with_value, letter)) {
      if (!has_value && !TakeNext(&value)) {
        return false;
      }
    } else if (has_value && !Holds(grammar_.optional_value, letter)) {
      return false;
    }
    arguments_.options.push_back({letter, value});
    return true;
  }

  bool ReadShort(std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      std::string_view value = letters.substr(i + 1);
      if (Holds(grammar_.only_long, letters[i])) {
        return false;
      }
      if (Holds(grammar_.flags, letters[i])) {
        arguments_.options.push_back({letters[i], {}});
        continue;
      }
      const bool takes_value = Holds(grammar_.with_value, letters[i]);
      if ((!takes_value && !Holds(grammar_.optional_value, letters[i])) ||
          (takes_value && value.empty() && !TakeNext(&value))) {
        return false;
      }
      arguments_.options.push_back({letters[i], value});
      break;
    }
    return true;
  }

  bool TakeNext(std::string_view* value) {
    if (++at_ >= words_.size() || words_[at_].may_split || !IsKnown(words_[at_].text)) {
      return false;
    }
    *value = words_[at_].text;
    return true;
  }

  const Words& words_;
  const Grammar& grammar_;
  std::size_t at_ = 1;
  Arguments arguments_;
};

// By its path, if opening that leads where its text says.
Printed ReadFile(std::string_view operand, const ToolContext& context) {
  if (operand == "-" || operand == "/dev/stdin" || operand == "/dev/fd/0") {
    return context.input == nullptr ? Printed() : Printed(*context.input);
  }
  if (operand == "/dev/null") {
    return std::string();
  }
  const bool absolute = operand.starts_with('/');
  if (context.files == nullptr || operand.empty() || operand.back() == '/' || (!absolute && !IsKnown(context.cwd))) {
    return std::nullopt;
  }
  if (operand.find("..") != std::string_view::npos &&
      PathResolver().ResolveAsOpened(operand, context.cwd).resolved != ResolvePath(operand, context.cwd).resolved) {
    return std::nullopt;
  }
  return context.files->Read(CleanPath(operand, context.cwd));
}

}  // namespace

bool Arguments::Has(char letter) const {
  return std::any_of(options.begin(), options.end(), [letter](const Option& each) { return each.letter == letter; });
}

std::optional<std::string_view> Arguments::ValueOf(char letter) const {
  const auto found =
      std::find_if(options.rbegin(), options.rend(), [letter](const Option& each) { return each.letter == letter; });
  return found == options.rend() ? std::nullopt : std::optional(found->value);
}

std::optional<Arguments> ParseArguments(const Words& words, const Grammar& grammar) {
  return ArgumentReader(words, grammar).Read();
}

std::optional<std::string_view> DigitsOption(const Words& words) {
  if (words.size() < 2 || words[1].may_split || words[1].text.size() < 2 || words[1].text[0] != '-' ||
      words[1].text.find_first_not_of("0123456789", 1) != std::string::npos) {
    return std::nullopt;
  }
  return std::string_view(words[1].text).substr(1);
}

std::optional<std::size_t> ParseNumber(std::string_view text) {
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  std::size_t number = 0;
  for (const char c : text) {
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return number;
}

Printed ReadInputs(const std::vector<std::string_view>& operands, const ToolContext& context) {
  if (operands.empty()) {
    return ReadFile("-", context);
  }
  std::string text;
  bool input_read = false;
  for (const std::string_view operand : operands) {
    const bool is_pipe =  // of a process substitution
        context.files != nullptr && operand.starts_with("/dev/fd/") && context.files->IsWritten(std::string(operand));
    const bool is_input = operand == "-" || (operand.starts_with("/dev/") && !is_pipe);
    Printed part = is_input && input_read ? std::string() : ReadFile(operand, context);
    if (!part || text.size() + part->size() > kMostPrinted) {
      return std::nullopt;
    }
    text.append(*part);
    input_read = input_read || (is_input && operand != "/dev/null");
  }
  return text;
}

Printed ReadInput(const std::vector<std::string_view>& operands, const ToolContext& context) {
  return operands.size() > 1 ? std::nullopt : ReadInputs(operands, context);
}

bool IsAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool IsPlainText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t' || (c >= ' ' && c <= '~'); });
}

std::string_view TakeLine(std::string_view* text) {
  const std::size_t end = text->find('\n');
  const std::string_view line = text->substr(0, end == std::string_view::npos ? text->size() : end + 1);
  text->remove_prefix(line.size());
  return line;
}

std::string_view WithoutBreak(std::string_view line) {
  return line.ends_with('\n') ? line.substr(0, line.size() - 1) : line;
}

KnownLines LinesBeforeUnknown(std::string_view text) {
  const std::size_t unknown = text.find(kUnknownPart);
  if (unknown == std::string_view::npos) {
    return {text, true};
  }
  const std::size_t end = text.substr(0, unknown).rfind('\n');
  return {text.substr(0, end == std::string_view::npos ? 0 : end + 1), false};
}

Printed WithRest(std::string printed, const KnownLines& known) {
  if (printed.size() > kMostPrinted) {
    return std::nullopt;
  }
  return known.complete ? std::move(printed) : printed + kUnknownPart;
}

std::optional<std::string> LocaleOf(std::string_view category, const ToolContext& context) {
  if (context.environment == nullptr) {
    return std::nullopt;
  }
  const std::array<std::string_view, 3> names = {"LC_ALL", category, "LANG"};
  for (const std::string_view name : names) {
    Variable variable = context.environment->Get(name);
    if (variable.state == Variable::State::kUnknown) {
      return std::nullopt;
    }
    if (variable.state == Variable::State::kKnown && !variable.value.empty()) {
      return std::move(variable.value);
    }
  }
  return "C";
}

bool SortsByBytes(const ToolContext& context) {
  const std::optional<std::string> locale = LocaleOf("LC_COLLATE", context);
  return locale && (*locale == "C" || *locale == "POSIX" || *locale == "C.UTF-8" || *locale == "C.utf8");
}

bool HasUsualCase(const ToolContext& context) {
  constexpr std::array<std::string_view, 5> kOthers = {"tr", "az", "crh", "ku", "tt"};
  const std::optional<std::string> locale = LocaleOf("LC_CTYPE", context);
  if (!locale) {
    return context.environment == nullptr;
  }
  const std::string_view language = std::string_view(*locale).substr(0, locale->find_first_of("_.@"));
  return locale->find('/') == std::string::npos && std::find(kOthers.begin(), kOthers.end(), language) == kOthers.end();
}

std::string UnknownText() { return std::string(1, kUnknownPart); }

}  // namespace safe_docker::shell
