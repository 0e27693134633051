// What the recipes of a Makefile's targets hand to a shell.
#include <algorithm>

#include "file_system.hpp"
#include "language.hpp"
#include "makefile.hpp"

namespace safe_docker::shell {
namespace {

constexpr auto kNpos = std::string_view::npos;
constexpr int kDeepestTarget = 64;
constexpr std::size_t kMostCommands = 512;
constexpr std::size_t kMostChoices = 32;

// What '%' stands for if `target` matches `pattern`; false if it does not.
bool MatchStem(std::string_view pattern, std::string_view target, std::string* stem) {
  const std::size_t percent = pattern.find('%');
  if (percent == kNpos || target.size() < pattern.size()) {
    return false;
  }
  const std::string_view before = pattern.substr(0, percent);
  const std::string_view after = pattern.substr(percent + 1);
  if (!target.starts_with(before) || !target.ends_with(after)) {
    return false;
  }
  *stem = target.substr(before.size(), target.size() - before.size() - after.size());
  return true;
}

std::string WithStem(std::string text, const std::string& stem) {
  const std::size_t percent = text.find('%');
  return percent == std::string::npos ? text : text.replace(percent, 1, stem);
}

}  // namespace

std::string WithSubstitutions(std::string_view text) {
  std::string result;
  char quote = '\0';
  int depth = 0;
  char quoted_outside = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == kShellBegin) {
      quoted_outside = depth == 0 ? quote : quoted_outside;
      result.append(depth == 0 && quote == '\'' ? "'\"$(" : "$(");
      quote = depth++ == 0 ? '\0' : quote;
    } else if (c == kShellEnd) {
      --depth;
      result.append(depth == 0 && quoted_outside == '\'' ? ")\"'" : ")");
      quote = depth == 0 ? quoted_outside : quote;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      result.append(text.substr(i++, 2));
    } else {
      quote = quote == '\0' && (c == '\'' || c == '"') ? c : c == quote ? '\0' : quote;
      result.push_back(c);
    }
  }
  return result;
}

std::vector<std::pair<std::string, std::string>> Makefile::ExportedVariables() {
  std::vector<std::pair<std::string, std::string>> exported;
  std::string flags;
  for (const auto& [name, value] : arguments_.variables) {
    flags.append(flags.empty() ? "-- " : " ").append(name).append("=");
    for (const char c : value) {
      flags.append(c == ' ' || c == '\\' ? "\\" : "").push_back(c);
    }
  }
  if (!flags.empty()) {
    exported.emplace_back("MAKEFLAGS", std::move(flags));
  }
  for (const auto& [name, variable] : std::map<std::string, Variable, std::less<>>(variables_)) {
    const bool passed = (variable.exported || export_all_) && name != "MAKEFLAGS" && name != "SHELL" &&
                        !variable.values.empty() && name[0] != '.';
    if (passed) {
      std::string value = variable.values.size() == 1 ? ValueOf(name, 0) : std::string(1, kUnknownPart);
      value = value.find(kShellBegin) == std::string::npos ? value : std::string(1, kUnknownPart);
      std::replace(value.begin(), value.end(), kUnset, kUnknownPart);
      exported.emplace_back(name, std::move(value));
    }
  }
  return exported;
}

void Makefile::Emit(std::string text) {
  if (text.find_first_not_of(std::string_view("\0 \t\n", 4)) == std::string::npos || !emitted_.insert(text).second) {
    return;
  }
  if (code_.commands.size() >= kMostCommands) {
    code_.NotUnderstood("it runs too many commands", mentions_);
    return;
  }
  FoundCommand command;
  std::replace(text.begin(), text.end(), kUnset, kUnknownPart);
  command.text = WithSubstitutions(text);
  command.directory = arguments_.directory;
  code_.commands.push_back(std::move(command));
}

void Makefile::RunLineOnce(const Line& line, const Rule& rule) {
  const std::string expanded = Expand(line.text, 0);
  std::size_t begin = 0;
  while (begin < expanded.size()) {
    // A line of a variable that was defined over several lines is a command of its own, unless the shell joins it.
    std::size_t end = expanded.find('\n', begin);
    while (end != std::string::npos && end > 0 && expanded[end - 1] == '\\') {
      end = expanded.find('\n', end + 1);
    }
    end = one_shell_ ? expanded.size() : std::min(end, expanded.size());
    std::string_view text = std::string_view(expanded).substr(begin, end - begin);
    bool always = line.text.find("$(MAKE)") != std::string::npos || line.text.find("${MAKE}") != std::string::npos;
    while (!text.empty() && std::string_view("@-+ \t\3").find(text[0]) != kNpos) {
      always = always || text[0] == '+';
      text.remove_prefix(1);
    }
    if (text.starts_with(kUnknownPart) && mentions_) {
      const std::string outer = std::exchange(file_, rule.file);
      NotUnderstood("which program runs is not known", line.number);
      file_ = outer;
    }
    if (!arguments_.dry_run || always) {
      Emit(std::string(text));
    }
    begin = end + 1;
  }
}

// Once for each choice of values that variables with several may have.
void Makefile::RunLine(const Line& line, const Rule& rule) {
  choices_.clear();
  several_.clear();
  Expand(line.text, 0);
  const std::map<std::string, std::size_t, std::less<>> several = several_;
  std::size_t count = 1;
  for (const auto& [name, values] : several) {
    count *= values;
    if (count > kMostChoices) {
      NotUnderstood("too many variables have several values", line.number);
      count = kMostChoices;
      break;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t rest = i;
    for (const auto& [name, values] : several) {
      choices_[name] = rest % values;
      rest /= values;
    }
    RunLineOnce(line, rule);
  }
  choices_.clear();
}

void Makefile::RunRecipe(const Rule& rule, const Automatic& automatic) {
  const Automatic outer = std::exchange(automatic_, automatic);
  const std::string outer_file = std::exchange(file_, rule.file);
  if (one_shell_ && !rule.recipe.empty()) {
    Line all{{}, rule.recipe.front().number};
    for (const Line& line : rule.recipe) {
      all.text.append(all.text.empty() ? "" : "\n").append(line.text);
    }
    RunLine(all, rule);
  } else {
    std::for_each(rule.recipe.begin(), rule.recipe.end(), [&](const Line& line) { RunLine(line, rule); });
  }
  file_ = outer_file;
  automatic_ = outer;
}

bool Makefile::VisitPatterns(const std::string& goal, int depth) {
  bool found = false;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    for (const std::string& target : std::vector<std::string>(rules_[i].targets)) {
      std::string stem;
      if (rules_[i].recipe.empty() || !MatchStem(target, goal, &stem)) {
        continue;
      }
      std::vector<std::string> prerequisites;
      for (const std::string& each : rules_[i].prerequisites) {
        prerequisites.push_back(WithStem(each, stem));
      }
      found = found || target != "%";
      for (const std::string& each : prerequisites) {
        Visit(each, depth + 1);
      }
      RunRecipe(Rule(rules_[i]), {goal, stem, &prerequisites});
    }
  }
  return found;
}

void Makefile::Visit(const std::string& goal, int depth) {
  if (!visited_.insert(goal).second) {
    return;
  }
  if (depth > kDeepestTarget || !Spend(16 * rules_.size())) {
    code_.NotUnderstood("its targets need too many others", mentions_);
    return;
  }
  // All prerequisites of the target, from whichever rule.
  std::vector<std::string> prerequisites;
  std::vector<std::pair<Rule, std::string>> rules;
  bool has_recipe = false;
  bool found = false;
  for (const Rule& rule : rules_) {
    if (std::find(rule.targets.begin(), rule.targets.end(), goal) == rule.targets.end()) {
      continue;
    }
    std::string stem;
    rule.pattern.empty() ? false : MatchStem(rule.pattern, goal, &stem);
    for (const std::string& each : rule.prerequisites) {
      prerequisites.push_back(rule.pattern.empty() ? each : WithStem(each, stem));
    }
    rules.emplace_back(rule, stem);
    has_recipe = has_recipe || !rule.recipe.empty();
    found = true;
  }
  for (const std::string& each : prerequisites) {
    IsKnown(each) ? Visit(each, depth + 1) : void();
  }
  for (const auto& [rule, stem] : rules) {
    RunRecipe(rule, {goal, stem, &prerequisites});
  }
  const bool by_pattern = !has_recipe && VisitPatterns(goal, depth);
  if (!found && !by_pattern && unknown_rules_ && depth == 0) {
    code_.NotUnderstood("the rules for " + goal + " are known only when make runs", mentions_);
  }
}

std::string Makefile::DefaultGoal() {
  const std::string chosen(Trim(WithoutUnset(ValueOf(".DEFAULT_GOAL", 0))));
  if (!chosen.empty()) {
    return chosen;
  }
  for (const Rule& rule : rules_) {
    for (const std::string& target : rule.targets) {
      const bool special = target.starts_with('.') && target.find('/') == std::string::npos;
      if (!special && target.find('%') == std::string::npos) {
        return target;
      }
    }
  }
  return {};
}

ForeignCode Makefile::Run(bool unknown_goal) {
  for (const std::string& file : std::vector<std::string>(files_)) {
    Visit(file, 1);
    Visit(std::string(BaseName(file)), 1);  // make remakes its own files first
  }
  std::vector<std::string> goals = arguments_.goals;
  goals.empty() && !unknown_goal ? goals.push_back(DefaultGoal()) : void();
  for (const std::string& goal : goals) {
    unknown_goal = unknown_goal || !IsKnown(goal);
    goal.empty() ? void() : Visit(goal, 0);
  }
  if (unknown_goal) {
    code_.NotUnderstood("which target is made is not known", mentions_);
  }
  const std::vector<std::pair<std::string, std::string>> exported = ExportedVariables();
  const std::string shell(Trim(ValueOf("SHELL", 0)));
  const std::string program = shell.substr(0, shell.find(' '));
  for (FoundCommand& command : code_.commands) {
    command.environment = exported;
    command.shell = program.empty() ? "sh" : program;
  }
  if (work_left_ == 0) {
    code_.NotUnderstood("it expands to too much text", mentions_);
  }
  return std::move(code_);
}

}  // namespace safe_docker::shell
