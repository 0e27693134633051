// What a call that is understood hands to a shell.
#include <algorithm>
#include <utility>

#include "joined_words.hpp"
#include "program.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostCommands = 512;
constexpr int kDeepestCode = 4;

// Whether a command's name in a text for a shell is unknown.
bool HasUnknownCommand(std::string_view text) {
  for (std::size_t at = text.find(kUnknownPart); at != std::string_view::npos; at = text.find(kUnknownPart, at + 1)) {
    const std::size_t before = text.substr(0, at).find_last_not_of(" \t");
    if (before == std::string_view::npos ||
        std::string_view(";|&(`\n!{").find(text[before]) != std::string_view::npos) {
      return true;
    }
  }
  return text.empty();
}

bool HasLetters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

}  // namespace

// The items of a list; anything else is a list of one.
std::vector<Value::Item> ItemsOf(const Value& value) {
  if (value.kind == Value::Kind::kList) {
    return value.items;
  }
  if (value.kind == Value::Kind::kText) {
    return {{value.text, false}};
  }
  return {{std::string(1, kUnknownPart), true}};
}

void ProgramReader::Emit(std::string text) {
  if (code_.commands.size() >= kMostCommands) {
    code_.NotUnderstood("it runs too many commands", context_.names->MentionedIn(text_));
    return;
  }
  FoundCommand command;
  command.text = std::move(text);
  command.directory = call_directory_.empty() ? directory_ : call_directory_;
  command.environment = environment_;
  command.environment.insert(command.environment.end(), call_environment_.begin(), call_environment_.end());
  code_.commands.push_back(std::move(command));
}

bool ProgramReader::RunShellText(const std::string& text) {
  const bool unknown = HasUnknownCommand(text);
  if (!unknown || HasLetters(text)) {
    Emit(text);
  }
  return !unknown;
}

// A command given as a list: each item is one word, whatever stands in it.
bool ProgramReader::RunWords(std::vector<Value::Item> words) {
  if (words.empty()) {
    return false;
  }
  std::string text;
  bool any_letters = false;
  for (const Value::Item& item : words) {
    Word word;
    word.text = item.text;
    word.may_split = item.may_split && !IsKnown(item.text);
    text.append(text.empty() ? "" : " ").append(Quoted(word));
    any_letters = any_letters || HasLetters(item.text);
  }
  const bool known = IsKnown(words[0].text);
  if (known || any_letters) {
    Emit(std::move(text));
  }
  return known;
}

// Perl's open(F, "-|", ...), open(F, "... |") and their like. An open of a file runs nothing.
bool ProgramReader::RunPipeOpen(const std::vector<Value>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].kind != Value::Kind::kText) {
      continue;
    }
    std::string text = values[i].text;
    text.erase(0, std::min(text.find_first_not_of(" \t\n"), text.size()));
    text.erase(text.find_last_not_of(" \t\n") + 1);
    if (text == "-|" || text == "|-") {
      return RunValues(Shape::kWords, {values.begin() + static_cast<std::ptrdiff_t>(i) + 1, values.end()});
    }
    if (text.starts_with('|') || text.ends_with('|')) {
      const std::size_t begin = text.starts_with('|') ? 1 : 0;
      return RunShellText(text.substr(begin, text.size() - begin - (text.ends_with('|') && text.size() > 1 ? 1 : 0)));
    }
  }
  return true;
}

bool ProgramReader::RunCode(const Value& value) {
  if (value.kind != Value::Kind::kText || value.text.find_first_not_of(kUnknownPart) == std::string::npos) {
    return false;
  }
  if (depth_ >= kDeepestCode) {
    return false;
  }
  ProgramReader inner(language_, context_, depth_ + 1);
  ForeignCode code = inner.Read(value.text, false);
  for (FoundCommand& command : code.commands) {
    code_.commands.push_back(std::move(command));
  }
  code_.hidden = code_.hidden || code.hidden;
  if (!code.understood) {
    code_.NotUnderstood(code.detail, code.mentions_name);
  }
  return true;
}

// False if what is run is not known.
bool ProgramReader::RunValues(Shape shape, std::vector<Value> values) {
  if (shape == Shape::kSpawnWords || shape == Shape::kSpawnList) {
    values.erase(values.begin(), values.begin() + (values.empty() ? 0 : 1));
    shape = shape == Shape::kSpawnWords ? Shape::kExecWords : Shape::kExecList;
  }
  if (values.empty()) {
    return false;
  }
  std::vector<Value::Item> words = ItemsOf(values[0]);
  const bool text_alone = values[0].kind == Value::Kind::kText;
  switch (shape) {
    case Shape::kShell:
      if (text_alone) {
        return RunShellText(values[0].text);
      }
      return RunWords(std::move(words));
    case Shape::kCode:
      return RunCode(values.back());
    case Shape::kPipeOpen:
      return RunPipeOpen(values);
    case Shape::kHandles: {
      const auto first = std::find_if(values.begin(), values.end(),
                                      [](const Value& each) { return each.kind != Value::Kind::kUnknown; });
      return RunValues(Shape::kWords, {first, values.end()});
    }
    case Shape::kWrapper:
      if (values.size() == 1 || !text_alone) {
        return RunValues(Shape::kShell, {values[0]});
      }
      for (const Value& each : values) {
        each.kind == Value::Kind::kList ? RunWords(each.items)
                                        : each.kind == Value::Kind::kText&& RunShellText(each.text);
      }
      return RunValues(Shape::kWords, std::move(values));
    case Shape::kExecWords:
      words.clear();
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::vector<Value::Item> items = ItemsOf(values[i]);
        words.insert(words.end(), i == 1 ? items.end() : items.begin(), items.end());
      }
      return RunWords(std::move(words));
    case Shape::kExecList: {
      std::vector<Value::Item> items = values.size() > 1 ? ItemsOf(values[1]) : std::vector<Value::Item>();
      items.empty() || items[0].may_split ? void() : void(items.erase(items.begin()));
      words.insert(words.end(), items.begin(), items.end());
      return RunWords(std::move(words));
    }
    default:
      break;
  }
  if (text_alone && values.size() == 1) {
    return RunShellText(values[0].text);
  }
  for (std::size_t i = 1; i < values.size(); ++i) {
    const std::vector<Value::Item> items = ItemsOf(values[i]);
    words.insert(words.end(), items.begin(), items.end());
  }
  return RunWords(std::move(words));
}

}  // namespace safe_docker::shell
