// What references to variables and functions of a Makefile expand to.
#include <algorithm>

#include "file_system.hpp"
#include "language.hpp"
#include "makefile.hpp"

namespace safe_docker::shell {
namespace {

constexpr auto kNpos = std::string_view::npos;
constexpr int kDeepestExpansion = 40;
constexpr std::size_t kMostText = 64 * 1024;

std::string Unknown() { return std::string(1, kUnknownPart); }

// Whether a text is what it will be: nothing in it is unknown or printed by a command.
bool IsConstant(std::string_view text) { return text.find_first_of(std::string_view("\0\1", 2)) == kNpos; }

// The place behind the bracket that closes the one at `open`.
std::size_t EndOfReference(std::string_view text, std::size_t open) {
  const char opening = text[open];
  const char closing = opening == '(' ? ')' : '}';
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    depth += text[i] == opening ? 1 : text[i] == closing ? -1 : 0;
    if (depth == 0) {
      return i + 1;
    }
  }
  return kNpos;
}

std::vector<std::string_view> SplitArguments(std::string_view text) {
  std::vector<std::string_view> arguments;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' || text[i] == '{' ? 1 : text[i] == ')' || text[i] == '}' ? -1 : 0;
    if (text[i] == ',' && depth == 0) {
      arguments.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  arguments.push_back(text.substr(begin));
  return arguments;
}

std::string Substituted(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = what.empty() ? kNpos : text.find(what); at != kNpos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
    if (text.size() > kMostText) {
      return Unknown();
    }
  }
  return text;
}

std::string WithPattern(const std::string& word, std::string_view pattern, std::string_view replacement) {
  const std::size_t percent = pattern.find('%');
  if (percent == kNpos) {
    return word == pattern ? std::string(replacement) : word;
  }
  const std::string_view before = pattern.substr(0, percent);
  const std::string_view after = pattern.substr(percent + 1);
  if (word.size() < before.size() + after.size() || !word.starts_with(before) || !word.ends_with(after)) {
    return word;
  }
  const std::string stem = word.substr(before.size(), word.size() - before.size() - after.size());
  std::string result(replacement);
  const std::size_t at = result.find('%');
  return at == std::string::npos ? result : result.replace(at, 1, stem);
}

constexpr std::string_view kWordFunctions =
    " strip firstword lastword dir notdir abspath realpath addprefix addsuffix subst patsubst sort word words basename "
    "suffix filter filter-out findstring join wordlist wildcard ";
constexpr std::string_view kFunctions =
    " shell if or and foreach call eval info warning error value origin flavor file guile let intcmp ";

}  // namespace

std::string WithoutUnset(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), kUnset), text.end());
  return text;
}

// What was not expanded may have held a name.
std::string Makefile::Lost(std::string_view text) {
  if (context_.names->MentionedIn(text)) {
    code_.NotUnderstood(std::string(BaseName(file_)) + ": \"" + std::string(text.substr(0, 60)) + "\" is not followed",
                        true);
  }
  return Unknown();
}

// Whether there is work left: a Makefile that takes more is not understood.
bool Makefile::Spend(std::size_t work) {
  work_left_ -= std::min(work, work_left_);
  return work_left_ > 0;
}

std::string Makefile::Expand(std::string_view text, int depth) {
  if (depth > kDeepestExpansion || !Spend(1 + text.size())) {
    return Unknown();
  }
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 >= text.size()) {
      result.push_back(text[i]);
      continue;
    }
    const char next = text[++i];
    if (next == '$') {
      result.push_back('$');
    } else if (next == '(' || next == '{') {
      const std::size_t end = EndOfReference(text, i);
      if (end == kNpos) {
        return result + Unknown();
      }
      result += ExpandReference(text.substr(i + 1, end - i - 2), depth + 1);
      i = end - 1;
    } else {
      result += std::string_view("@<^*?+|%").find(next) != kNpos ? AutomaticValue(next)
                                                                 : ValueOf(std::string(1, next), depth + 1);
    }
    if (result.size() > kMostText) {
      return Unknown();
    }
  }
  return result;
}

std::string Makefile::ExpandReference(std::string_view inside, int depth) {
  const std::size_t blank = inside.find_first_of(" \t\n");
  const std::string_view word = inside.substr(0, blank);
  if (blank != kNpos && (IsListed(kFunctions, word) || IsListed(kWordFunctions, word))) {
    std::string_view rest = inside.substr(blank);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\n"), rest.size()));
    return ExpandFunction(word, rest, depth);
  }
  const std::size_t dollar = inside.find('$');
  const std::size_t colon = inside.find(':');
  if (colon != kNpos && inside.find('=', colon) != kNpos) {
    const std::string value = WithoutUnset(ValueOf(Expand(inside.substr(0, colon), depth), depth));
    const std::size_t equals = inside.find('=', colon);
    std::string from = Expand(inside.substr(colon + 1, equals - colon - 1), depth);
    std::string to = Expand(inside.substr(equals + 1), depth);
    from = from.find('%') == std::string::npos ? "%" + from : from;
    to = to.find('%') == std::string::npos ? "%" + to : to;
    return ExpandWordFunction("patsubst", {from, to, value});
  }
  const std::string name = dollar == kNpos ? std::string(inside) : WithoutUnset(Expand(inside, depth));
  if (!IsConstant(name)) {
    return Unknown();
  }
  const bool of_automatic = name.size() == 2 && (name[1] == 'D' || name[1] == 'F');
  return of_automatic && std::string_view("@<^*?+").find(name[0]) != kNpos ? Unknown() : ValueOf(name, depth);
}

std::string Makefile::AutomaticValue(char name) const {
  if (automatic_.prerequisites == nullptr) {
    return Unknown();
  }
  std::string all;
  for (const std::string& each : *automatic_.prerequisites) {
    all.append(all.empty() ? "" : " ").append(each);
  }
  switch (name) {
    case '@':
      return automatic_.target;
    case '<':
      return automatic_.prerequisites->empty() ? "" : automatic_.prerequisites->front();
    case '*':
      return automatic_.stem.empty() ? Unknown() : automatic_.stem;
    case '^':
    case '+':
      return all;
    default:
      return Unknown();
  }
}

std::string Makefile::ValueOf(const std::string& name, int depth) {
  const auto found = variables_.find(name);
  if (found != variables_.end() && !found->second.values.empty()) {
    const Variable& variable = found->second;
    std::size_t which = 0;
    if (variable.values.size() > 1) {
      several_[name] = variable.values.size();
      const auto choice = choices_.find(name);
      which = choice == choices_.end() ? 0 : std::min(choice->second, variable.values.size() - 1);
    }
    const std::string value = variable.values[which];
    if (!Spend(value.size() / 16)) {
      return Unknown();
    }
    return variable.simple ? value : Expand(value, depth + 1);
  }
  if (name == "MAKE") {
    return "make";
  }
  if (name == "CURDIR") {
    return arguments_.directory;
  }
  if (name == "MAKEFILE_LIST") {
    return file_.empty() && !files_.empty() ? files_.front() : file_;
  }
  if (name == "MAKECMDGOALS") {
    std::string goals;
    for (const std::string& goal : arguments_.goals) {
      goals.append(goals.empty() ? "" : " ").append(goal);
    }
    return goals;
  }
  if (name == "SHELL") {
    return "/bin/sh";
  }
  if (name == "PWD" && context_.environment.Get(name).state != safe_docker::Variable::State::kKnown) {
    return context_.cwd;
  }
  const safe_docker::Variable variable = context_.environment.Get(name);
  using State = safe_docker::Variable::State;
  if (variable.state == State::kUnset) {
    return IsListed(" CC CXX AR LD AS RM ", name) ? (name == "RM" ? "rm -f" : "cc") : std::string(1, kUnset);
  }
  return variable.state == State::kKnown ? variable.value : Unknown();
}

std::string Makefile::ExpandCall(const std::vector<std::string_view>& arguments, int depth) {
  std::map<std::string, Variable> outer;
  std::vector<std::string> values;
  for (const std::string_view each : arguments) {
    values.push_back(Expand(each, depth));
  }
  const std::string name(Trim(values[0]));
  for (std::size_t i = 1; i < 10; ++i) {
    const std::string number = std::to_string(i);
    outer[number] = variables_[number];
    variables_[number] = {{i < values.size() ? values[i] : ""}, true, false, false};
  }
  const std::string result = IsConstant(name) ? ValueOf(name, depth + 1) : Unknown();
  for (auto& [number, variable] : outer) {
    variables_[number] = std::move(variable);
  }
  return result;
}

std::string Makefile::ExpandEach(const std::vector<std::string_view>& arguments, int depth) {
  const std::string name(Trim(Expand(arguments[0], depth)));
  const std::vector<std::string> words = SplitWords(Expand(arguments[1], depth));
  const Variable outer = variables_[name];
  std::string result;
  for (std::size_t i = 0; i < words.size() && i < 64; ++i) {
    variables_[name] = {{words[i]}, true, false, false};
    result.append(i == 0 ? "" : " ").append(Expand(arguments[2], depth + 1));
  }
  variables_[name] = outer;
  return words.size() > 64 ? Lost(arguments[2]) : result;
}

std::string Makefile::ExpandFunction(std::string_view name, std::string_view text, int depth) {
  const std::vector<std::string_view> arguments = SplitArguments(text);
  if (name == "shell") {
    const std::string command = Expand(text, depth);
    Emit(command);
    return kShellBegin + command + kShellEnd;
  }
  if (name == "info" || name == "warning" || name == "error") {
    Expand(text, depth);
    return {};
  }
  if (name == "eval") {
    const std::string body = Expand(text, depth);
    IsConstant(body) && depth < kDeepestExpansion / 2 ? ReadText(body, file_, 0) : void(Lost(body));
    return {};
  }
  if (name == "call") {
    return ExpandCall(arguments, depth);
  }
  if (name == "foreach" && arguments.size() == 3) {
    return ExpandEach(arguments, depth);
  }
  if (name == "value" && variables_.find(text) != variables_.end()) {
    const Variable& variable = variables_.find(text)->second;
    return variable.values.size() == 1 ? variable.values[0] : Lost(text);
  }
  if (name == "if") {
    const std::string condition(Trim(WithoutUnset(Expand(arguments[0], depth))));
    const bool known = IsConstant(condition) || condition.find_first_not_of(std::string_view("\0\1\2", 3)) == kNpos;
    const std::string then = arguments.size() > 1 ? Expand(arguments[1], depth) : "";
    const std::string otherwise = arguments.size() > 2 ? Expand(arguments[2], depth) : "";
    return known && IsConstant(condition) ? (condition.empty() ? otherwise : then)
           : then == otherwise            ? then
                                          : Lost(then + " " + otherwise);
  }
  if (name == "or" || name == "and") {
    std::string last;
    for (const std::string_view each : arguments) {
      last = Trim(WithoutUnset(Expand(each, depth)));
      if (!IsConstant(last)) {
        return Lost(Expand(text, depth));
      }
      if (last.empty() == (name == "and")) {
        return last;
      }
    }
    return last;
  }
  std::vector<std::string> values;
  for (const std::string_view each : arguments) {
    values.push_back(WithoutUnset(Expand(each, depth)));
  }
  const bool known =
      std::all_of(values.begin(), values.end(), [](const std::string& each) { return IsConstant(each); });
  const bool passes = IsListed(" strip addprefix addsuffix ", name);
  if (!IsListed(kWordFunctions, name) || (!known && !passes)) {
    return Lost(Expand(text, depth));
  }
  const std::string result = ExpandWordFunction(name, values);
  return result == Unknown() ? Lost(Expand(text, depth)) : result;
}

// Functions of lists of words; unknown if it is another one.
std::string Makefile::ExpandWordFunction(std::string_view name, const std::vector<std::string>& arguments) const {
  const std::size_t needed = IsListed(" subst patsubst ", name)                                          ? 3
                             : IsListed(" addprefix addsuffix word filter filter-out findstring ", name) ? 2
                                                                                                         : 1;
  if (arguments.size() < needed) {
    return Unknown();
  }
  if (name == "subst") {
    return Substituted(arguments[2], arguments[0], arguments[1]);
  }
  if (name == "findstring") {
    return arguments[1].find(arguments[0]) == std::string::npos ? std::string() : arguments[0];
  }
  const std::vector<std::string> words = SplitWords(arguments[needed - 1]);
  if (name == "firstword" || name == "lastword") {
    return words.empty() ? std::string() : name == "firstword" ? words.front() : words.back();
  }
  if (name == "words") {
    return std::to_string(words.size());
  }
  std::string result;
  for (const std::string& word : words) {
    std::string each = word;
    if (name == "dir") {
      each = word.find('/') == std::string::npos ? "./" : word.substr(0, word.rfind('/') + 1);
    } else if (name == "notdir") {
      each = BaseName(word);
    } else if (name == "abspath" || name == "realpath") {
      each = word[0] == '/' || IsKnown(arguments_.directory) ? CleanPath(word, arguments_.directory) : Unknown();
    } else if (name == "addprefix") {
      each = arguments[0] + word;
    } else if (name == "addsuffix") {
      each = word + arguments[0];
    } else if (name == "patsubst") {
      each = WithPattern(word, arguments[0], arguments[1]);
    } else if (name == "filter" || name == "filter-out") {
      const std::vector<std::string> patterns = SplitWords(arguments[0]);
      const bool matches = std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return pattern == word || (pattern.find('%') != std::string::npos && WithPattern(word, pattern, "%\1") != word);
      });
      each = matches == (name == "filter") ? word : std::string();
    } else if (name != "strip" && name != "sort") {
      return Unknown();
    }
    result.append(result.empty() || each.empty() ? "" : " ").append(each);
  }
  return result;
}

}  // namespace safe_docker::shell
