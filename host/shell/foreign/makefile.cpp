// Reading a Makefile: lines, conditionals, variables, rules.
#include "makefile.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "file_system.hpp"
#include "language.hpp"

namespace safe_docker::shell {
namespace {

constexpr auto kNpos = std::string_view::npos;
constexpr int kDeepestInclude = 8;
constexpr std::string_view kBlanks = " \t\r\n";

std::string_view FirstWord(std::string_view text) { return text.substr(0, text.find_first_of(kBlanks)); }

// Up to a comment. "\#" is no comment.
std::string_view WithoutComment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != kNpos; at = line.find('#', at + 1)) {
    if (at == 0 || line[at - 1] != '\\') {
      return line.substr(0, at);
    }
  }
  return line;
}

// The place of the first of `characters` outside of $(...) and ${...}.
std::size_t FindOutside(std::string_view text, std::string_view characters) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (depth == 0 && characters.find(c) != kNpos) {
      return i;
    }
    depth += c == '(' || c == '{' ? 1 : (c == ')' || c == '}') && depth > 0 ? -1 : 0;
  }
  return kNpos;
}

}  // namespace

std::string_view Trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

Makefile::Makefile(const ForeignContext& context, const MakeArguments& arguments)
    : context_(context), arguments_(arguments) {
  for (const auto& [name, value] : arguments.variables) {
    variables_[name] = {{value}, false, true, true};
  }
  for (const std::string& text : arguments.texts) {
    ReadText(text, "--eval", 0);
  }
}

void Makefile::NotUnderstood(std::string_view why, int number) {
  code_.NotUnderstood(std::string(BaseName(file_)) + ":" + std::to_string(number) + ": " + std::string(why), mentions_);
}

bool Makefile::ReadFile(const std::string& path, int depth) {
  const std::optional<std::string> text = context_.files->Read(path);
  if (!text) {
    return false;
  }
  if (*text == std::string(1, kUnknownPart)) {
    code_.reads_written = code_.reads_written || context_.files->IsWritten(path);
    code_.NotUnderstood("what " + std::string(BaseName(path)) + " holds is not known", mentions_);
    return true;
  }
  ReadText(*text, path, depth);
  return true;
}

void Makefile::ReadText(std::string_view text, const std::string& path, int depth) {
  const std::string outer = std::exchange(file_, path);
  const int outer_conditional = conditional_;
  files_.push_back(path);
  mentions_ = mentions_ || context_.names->MentionedIn(text);
  int number = 0;
  std::string definition;  // the head of a define
  std::string body;
  int definitions = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::string line;
    const int first = number + 1;
    bool goes_on = true;
    while (goes_on && at < text.size()) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      std::string_view piece = text.substr(at, end - at);
      piece.remove_suffix(piece.ends_with('\r') ? 1 : 0);
      at = end + 1;
      ++number;
      goes_on = (piece.size() - (piece.find_last_not_of('\\') + 1)) % 2 == 1;
      line.append(piece).append(goes_on ? "\n" : "");
    }
    const std::string_view word = FirstWord(Trim(line));
    if (definitions > 0) {
      definitions += word == "define" ? 1 : word == "endef" ? -1 : 0;
      definitions == 0 ? Define(definition, std::exchange(body, {})) : void(body.append(line).append("\n"));
    } else if ((word == "define" || Trim(line).starts_with("override define")) && line[0] != recipe_prefix_) {
      definitions = 1;
      definition = Trim(line);
    } else {
      ReadLine(line, first, depth);
    }
  }
  in_rule_ = false;
  conditional_ = outer_conditional;
  file_ = outer;
}

void Makefile::ReadLine(const std::string& line, int number, int depth) {
  if (!line.empty() && line[0] == recipe_prefix_ && in_rule_) {
    std::string text = line.substr(1);
    for (std::size_t at = text.find("\n" + std::string(1, recipe_prefix_)); at != kNpos;
         at = text.find("\n" + std::string(1, recipe_prefix_), at + 1)) {
      text.erase(at + 1, 1);
    }
    rules_.back().recipe.push_back({std::move(text), number});
    return;
  }
  std::string joined;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '\n') {
      joined.push_back(' ');
      i = line.find_first_not_of(" \t", i + 2);
      i = i == kNpos ? line.size() : i - 1;
    } else {
      joined.push_back(line[i]);
    }
  }
  const std::string_view text = Trim(WithoutComment(joined));
  if (text.empty() || ReadConditional(text) || ReadDirective(text, depth)) {
    return;
  }
  if (ReadAssignment(text)) {
    in_rule_ = false;
    return;
  }
  if (FindOutside(text, "=:") == kNpos) {
    Expand(text, 0);  // $(eval ...), $(info ...), $(shell ...) alone
    return;
  }
  ReadRule(text, number);
}

bool Makefile::ReadConditional(std::string_view line) {
  const std::string_view word = line.substr(0, line.find_first_of(" \t("));
  if (word == "ifeq" || word == "ifneq" || word == "ifdef" || word == "ifndef") {
    ++conditional_;
    Expand(line.substr(word.size()), 0);  // for its shell commands
    return true;
  }
  if (word == "else") {
    return true;
  }
  conditional_ -= word == "endif" && conditional_ > 0 ? 1 : 0;
  return word == "endif";
}

bool Makefile::ReadDirective(std::string_view line, int depth) {
  const std::string_view word = FirstWord(line);
  const std::string_view rest = Trim(line.substr(word.size()));
  const bool is_name = rest.find_first_of("=:") == kNpos;
  if (word == "include" || word == "-include" || word == "sinclude") {
    Include(rest, depth);
    return true;
  }
  if (word == "export" || word == "unexport") {
    if (!is_name) {
      return false;
    }
    export_all_ = export_all_ || (rest.empty() && word == "export");
    for (const std::string& name : ImmediateWords(rest)) {
      Variable& variable = variables_[name];
      if (variable.values.empty()) {
        variable.values.push_back("$(" + name + ")");  // of the environment
        variables_.erase(name);
      } else {
        variable.exported = word == "export";
      }
    }
    return true;
  }
  return word == "vpath" || (word == "undefine" && is_name) || word == "load" || word == "-load";
}

void Makefile::Include(std::string_view names, int depth) {
  for (const std::string& name : ImmediateWords(names)) {
    const bool known =
        IsKnown(name) && name.find_first_of("*?[\1") == kNpos && (name[0] == '/' || IsKnown(arguments_.directory));
    if (!known || depth >= kDeepestInclude) {
      unknown_rules_ = true;
    } else {
      ReadFile(CleanPath(name, arguments_.directory), depth + 1);
    }
  }
}

void Makefile::Define(std::string_view head, std::string body) {
  head = head.starts_with("override") ? Trim(head.substr(8)) : head;
  head = Trim(head.substr(std::min<std::size_t>(6, head.size())));
  body.resize(body.empty() ? 0 : body.size() - 1);
  const std::size_t operation = head.find_first_of(" \t:+?!=");
  const std::string name = Expand(head.substr(0, operation), 0);
  const std::string_view sign = operation == kNpos ? std::string_view() : Trim(head.substr(operation));
  Set(name, sign.empty() ? "=" : sign, std::move(body), conditional_ > 0);
}

// NAME = value and its like, with export, override and private in front.
bool Makefile::ReadAssignment(std::string_view line) {
  bool exported = false;
  for (std::string_view word = FirstWord(line); IsListed(" export override private ", word); word = FirstWord(line)) {
    exported = exported || word == "export";
    line = Trim(line.substr(word.size()));
  }
  const std::size_t equals = FindOutside(line, "=");
  const std::size_t colon = FindOutside(line, ":");
  const bool assigns = equals != kNpos && (colon == kNpos || colon > equals || line.substr(colon, 2) == ":=" ||
                                           line.substr(colon, 3) == "::=" || line.substr(colon, 4) == ":::=");
  if (!assigns) {
    return false;
  }
  std::size_t begin = equals;
  while (begin > 0 && std::string_view(":+?!").find(line[begin - 1]) != kNpos) {
    --begin;
  }
  const std::string name = WithoutUnset(Expand(Trim(line.substr(0, begin)), 0));
  const std::string_view value = line.substr(equals + 1);
  Set(name, line.substr(begin, equals + 1 - begin),
      std::string(value.substr(std::min(value.find_first_not_of(kBlanks), value.size()))), conditional_ > 0);
  variables_[name].exported = variables_[name].exported || exported;
  return true;
}

void Makefile::Set(const std::string& name, std::string_view operation, std::string value, bool conditional) {
  const bool inherited = context_.environment.Get(name).state != safe_docker::Variable::State::kUnset;
  Variable& variable = variables_[name];
  if (variable.fixed || (inherited && (arguments_.environment_wins || operation == "?="))) {
    variable.values.empty() ? void(variables_.erase(name)) : void();
    return;
  }
  const bool simple = operation == ":=" || operation == "::=" || operation == ":::=";
  if (operation == "!=") {
    value = Expand("$(shell " + value + ")", 0);
  } else if (simple || (operation == "+=" && variable.simple)) {
    value = Expand(value, 0);
  }
  Variable& changed = variables_[name];  // expansion may have added others
  changed.exported = changed.exported || inherited;
  if (operation == "?=" && !changed.values.empty() && !conditional) {
    return;
  }
  std::vector<std::string> values = changed.values;
  if (operation == "+=") {
    values.empty() ? values.push_back(value) : void();
    if (!changed.values.empty()) {
      std::for_each(values.begin(), values.end(), [&](std::string& each) { each.append(" ").append(value); });
    }
  } else {
    values = {value};
    changed.simple = simple || operation == "!=";
  }
  if (conditional) {
    changed.values.empty() ? void(values.emplace_back())
                           : void(values.insert(values.end(), changed.values.begin(), changed.values.end()));
  }
  std::vector<std::string> unique;
  for (std::string& each : values) {
    std::find(unique.begin(), unique.end(), each) == unique.end() ? unique.push_back(std::move(each)) : void();
  }
  changed.values = std::move(unique);
  recipe_prefix_ = name == ".RECIPEPREFIX" && !value.empty() ? value[0] : recipe_prefix_;
}

std::vector<std::string> Makefile::SplitWords(std::string_view text) const {
  std::vector<std::string> words;
  int depth = 0;
  bool open = false;
  for (const char c : text) {
    const bool blank = depth == 0 && kBlanks.find(c) != kNpos;
    depth += c == kShellBegin ? 1 : c == kShellEnd ? -1 : 0;
    if (!blank && !open) {
      words.emplace_back();
    }
    blank ? void() : words.back().push_back(c);
    open = !blank;
  }
  return words;
}

std::vector<std::string> Makefile::ImmediateWords(std::string_view text) {
  return SplitWords(WithoutUnset(Expand(text, 0)));
}

// targets : prerequisites, targets : pattern : prerequisites, targets : prerequisites ; recipe, targets : NAME = value
void Makefile::ReadRule(std::string_view line, int number) {
  std::size_t colon = FindOutside(line, ":");
  Rule rule;
  rule.file = file_;
  rule.targets = ImmediateWords(line.substr(0, colon));
  if (!rule.targets.empty() && rule.targets.back() == "&") {
    rule.targets.pop_back();
  }
  std::string_view rest = line.substr(colon + 1);
  rest.remove_prefix(rest.starts_with(":") ? 1 : 0);
  const std::size_t semicolon = FindOutside(rest, ";");
  const std::size_t equals = FindOutside(rest.substr(0, semicolon), "=");
  if (equals != kNpos) {
    // A variable of some targets alone: one more value that it may have.
    conditional_ += 1;
    ReadAssignment(Trim(rest));
    conditional_ -= 1;
    in_rule_ = false;
    return;
  }
  if (semicolon != kNpos) {
    rule.recipe.push_back({std::string(rest.substr(semicolon + 1)), number});
    rest = rest.substr(0, semicolon);
  }
  // What is unknown yet may be known when the rule is used: prerequisites are expanded now, as make does.
  std::string expanded = WithoutUnset(Expand(rest, 0));
  colon = expanded.find(':');
  if (colon != std::string::npos) {
    rule.pattern = Trim(std::string_view(expanded).substr(0, colon));
    expanded.erase(0, colon + 1);
  }
  rule.prerequisites = SplitWords(expanded);
  rule.prerequisites.erase(std::remove(rule.prerequisites.begin(), rule.prerequisites.end(), "|"),
                           rule.prerequisites.end());
  one_shell_ = one_shell_ || std::find(rule.targets.begin(), rule.targets.end(), ".ONESHELL") != rule.targets.end();
  unknown_rules_ = unknown_rules_ || std::any_of(rule.targets.begin(), rule.targets.end(), [](const std::string& each) {
                     return !IsKnown(each) || each.find(kShellBegin) != std::string::npos;
                   });
  rules_.push_back(std::move(rule));
  in_rule_ = true;
}

}  // namespace safe_docker::shell
