#include "state.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace safe_docker::shell {
namespace {

struct OptionName {
  std::string_view name;
  Setting ShellOptions::*option;
};

constexpr std::array<OptionName, 12> kOptions = {{{"noglob", &ShellOptions::noglob},
                                                  {"nullglob", &ShellOptions::nullglob},
                                                  {"failglob", &ShellOptions::failglob},
                                                  {"dotglob", &ShellOptions::dotglob},
                                                  {"globstar", &ShellOptions::globstar},
                                                  {"nocaseglob", &ShellOptions::nocaseglob},
                                                  {"nocasematch", &ShellOptions::nocasematch},
                                                  {"extglob", &ShellOptions::extglob},
                                                  {"patsub_replacement", &ShellOptions::patsub_replacement},
                                                  {"braceexpand", &ShellOptions::braceexpand},
                                                  {"xpg_echo", &ShellOptions::xpg_echo},
                                                  {"lastpipe", &ShellOptions::lastpipe}}};

// The values that a variable may have; an unknown part among them stands for any other. Empty if it is no text.
std::vector<std::string> ValuesOf(const ShellVariable& variable) {
  if (variable.is_array || variable.is_reference || !variable.alternatives.empty()) {
    return variable.alternatives;
  }
  const bool is_known = variable.state == Variable::State::kKnown;
  return {is_known ? variable.value : std::string(1, kUnknownPart)};
}

std::vector<std::string> JoinedValues(const ShellVariable& mine, const ShellVariable& theirs) {
  constexpr std::size_t kMostAlternatives = 4;
  std::vector<std::string> values = ValuesOf(mine);
  const std::vector<std::string> others = ValuesOf(theirs);
  if (values.empty() || others.empty()) {
    return {};
  }
  values.insert(values.end(), others.begin(), others.end());
  if (values.size() > kMostAlternatives) {
    values.emplace_back(1, kUnknownPart);
  }
  std::sort(values.begin(), values.end());  // an unknown part comes first
  values.erase(std::unique(values.begin(), values.end()), values.end());
  values.resize(std::min(values.size(), kMostAlternatives));
  return values.size() == 1 ? std::vector<std::string>() : values;
}

// What is known of a variable that is one thing or the other.
ShellVariable JoinedVariable(const ShellVariable& mine, const ShellVariable& theirs) {
  ShellVariable joined = UnknownVariable();
  joined.alternatives = JoinedValues(mine, theirs);
  joined.exported = mine.exported || theirs.exported;
  joined.is_array = mine.is_array || theirs.is_array;
  joined.is_identifier = mine.is_identifier && theirs.is_identifier;
  joined.words = mine.words == theirs.words ? mine.words : PrintedWords::kAny;
  joined.is_associative = mine.is_associative || theirs.is_associative;
  joined.is_integer = mine.is_integer && theirs.is_integer;
  joined.is_reference = mine.is_reference || theirs.is_reference;
  joined.letter_case = mine.letter_case == theirs.letter_case ? mine.letter_case : '\0';
  joined.readonly = Joined(mine.readonly, theirs.readonly);
  // An attribute that may be there changes what later values become.
  if (joined.readonly == Setting::kOff &&
      (mine.is_integer != theirs.is_integer || mine.letter_case != theirs.letter_case)) {
    joined.readonly = Setting::kUnknown;
  }
  return joined;
}

constexpr std::size_t kLongValue = 256;

std::size_t SizeOf(const ShellVariable& variable) {
  return variable.elements.size() + variable.value.size() / kLongValue;
}

}  // namespace

Setting* FindOption(ShellOptions* options, std::string_view name) {
  const auto* found =
      std::find_if(kOptions.begin(), kOptions.end(), [name](const OptionName& each) { return each.name == name; });
  return found == kOptions.end() ? nullptr : &(options->*found->option);
}

ShellState::ShellState(const Environment& environment, std::string start)
    : cwd(std::move(start)), last_argument(1, kUnknownPart), environment_(&environment) {}

const ShellVariable* ShellState::Find(std::string_view name) const {
  const auto found = variables_.find(name);
  return found == variables_.end() ? nullptr : &found->second;
}

ShellVariable ShellState::Get(std::string_view name) const {
  if (const ShellVariable* found = Find(name); found != nullptr) {
    return *found;
  }
  const Variable inherited = environment_->Get(name);
  ShellVariable variable;
  variable.state = inherited.state;
  variable.value = inherited.value;
  variable.exported = inherited.state != Variable::State::kUnset;
  return variable;
}

void ShellState::Set(std::string_view name, ShellVariable variable) {
  const ShellVariable* old = Find(name);
  if (old != nullptr && old->readonly != Setting::kOff) {
    if (old->readonly == Setting::kUnknown) {
      ShellVariable either = JoinedVariable(*old, variable);
      either.readonly = Setting::kUnknown;
      Put(name, std::move(either));
    }
    return;
  }
  const bool was_exported = old != nullptr ? old->exported : environment_->Get(name).state != Variable::State::kUnset;
  variable.exported = variable.exported || export_all || was_exported;
  Put(name, std::move(variable));
}

void ShellState::Put(std::string_view name, ShellVariable variable) {
  value_size_ += SizeOf(variable);
  const auto at = variables_.lower_bound(name);
  if (at != variables_.end() && at->first == name) {
    value_size_ -= SizeOf(at->second);
    at->second = std::move(variable);
  } else {
    variables_.emplace_hint(at, name, std::move(variable));
  }
}

void ShellState::Forget(std::string_view name) {
  if (const auto at = variables_.find(name); at != variables_.end()) {
    value_size_ -= SizeOf(at->second);
    variables_.erase(at);
  }
}

void ShellState::NoteIdentifier(std::string_view name) {
  if (const auto found = variables_.find(name); found != variables_.end() && !found->second.is_array) {
    found->second.is_identifier = found->second.value == std::string(1, kUnknownPart);
  }
}

void ShellState::NoteWords(std::string_view name, PrintedWords words) {
  if (const auto found = variables_.find(name); found != variables_.end() && !found->second.is_array) {
    found->second.words = words;
  }
}

void ShellState::Unset(std::string_view name) {
  const ShellVariable* old = Find(name);
  if (old == nullptr || old->readonly == Setting::kOff) {
    Put(name, ShellVariable{});
  } else if (old->readonly == Setting::kUnknown) {
    Put(name, JoinedVariable(*old, {}));
  }
}

void ShellState::Export(std::string_view name) {
  ShellVariable variable = Get(name);
  variable.exported = true;
  Put(name, std::move(variable));
}

void ShellState::Restore(std::string_view name, std::optional<ShellVariable> before) {
  if (before) {
    Put(name, std::move(*before));
  } else {
    Forget(name);
  }
}

std::vector<std::string> ShellState::NamesWithPrefix(std::string_view prefix) const {
  std::vector<std::string> names;
  for (auto each = variables_.lower_bound(prefix);
       each != variables_.end() && each->first.compare(0, prefix.size(), prefix) == 0; ++each) {
    if (each->second.state != Variable::State::kUnset) {
      names.push_back(each->first);
    }
  }
  return names;
}

Environment ShellState::CommandEnvironment() const {
  Environment environment = *environment_;
  for (const auto& [name, variable] : variables_) {
    if (variable.is_array && variable.exported) {  // which bash does not pass on
      environment.Set(name, {Variable::State::kUnknown, std::string(1, kUnknownPart)});
    } else if (variable.exported || variable.state == Variable::State::kUnset) {
      environment.Set(name, {variable.state, variable.value});
    } else if (environment_->Get(name).state != Variable::State::kUnset) {
      environment.Set(name, {});  // what is inherited was unset, and the new one is not exported
    }
  }
  return environment;
}

void ShellState::JoinVariables(const ShellState& other) {
  std::vector<std::string> names;
  for (const auto& [name, variable] : variables_) {
    if (const ShellVariable* theirs = other.Find(name); theirs == nullptr || !(*theirs == variable)) {
      names.push_back(name);
    }
  }
  for (const auto& [name, variable] : other.variables_) {
    if (!Has(name)) {
      names.push_back(name);
    }
  }
  for (const std::string& name : names) {
    const ShellVariable mine = Get(name);
    const ShellVariable theirs = other.Get(name);
    if (!(mine == theirs)) {
      Put(name, JoinedVariable(mine, theirs));
    }
  }
}

void ShellState::JoinFunctions(const ShellState& other) {
  for (auto& [name, bodies] : functions) {
    if (other.functions.find(name) == other.functions.end() &&
        std::find(bodies.begin(), bodies.end(), nullptr) == bodies.end()) {
      bodies.push_back(nullptr);
    }
  }
  for (const auto& [name, bodies] : other.functions) {
    const bool new_here = functions.find(name) == functions.end();
    auto& mine = functions[name];
    if (new_here) {
      mine.push_back(nullptr);
    }
    for (const Command* body : bodies) {
      if (std::find(mine.begin(), mine.end(), body) == mine.end()) {
        mine.push_back(body);
        ++body_count_;
      }
    }
  }
}

void ShellState::SetArguments(std::span<const Word> words) {
  arguments.clear();
  arguments_known = true;
  for (const Word& word : words) {
    if (word.may_split) {
      arguments_known = false;
      break;
    }
    arguments.push_back(word.text);
  }
}

void ShellState::Join(const ShellState& other) {
  JoinVariables(other);
  JoinFunctions(other);
  aliases.insert(other.aliases.begin(), other.aliases.end());
  if (arguments != other.arguments || arguments_known != other.arguments_known) {
    arguments_known = false;
    arguments.erase(
        std::mismatch(arguments.begin(), arguments.end(), other.arguments.begin(), other.arguments.end()).first,
        arguments.end());
  }
  for (const OptionName& each : kOptions) {
    options.*each.option = Joined(options.*each.option, other.options.*each.option);
  }
  is_bash = is_bash && other.is_bash;
  export_all = export_all || other.export_all;
  physical = physical || other.physical;
  const auto join_text = [](std::string* mine, const std::string& theirs) {
    if (*mine != theirs) {
      mine->assign(1, kUnknownPart);
    }
  };
  join_text(&cwd, other.cwd);
  join_text(&old_cwd, other.old_cwd);
  join_text(&last_argument, other.last_argument);
  if (directory_stack != other.directory_stack) {
    directory_stack.assign(1, std::string(1, kUnknownPart));
  }
}

bool ShellState::operator==(const ShellState& other) const {
  const bool same_options = is_bash == other.is_bash && export_all == other.export_all && physical == other.physical &&
                            options == other.options;
  return same_options && cwd == other.cwd && old_cwd == other.old_cwd && last_argument == other.last_argument &&
         directory_stack == other.directory_stack && functions == other.functions && aliases == other.aliases &&
         arguments == other.arguments && arguments_known == other.arguments_known && script_name == other.script_name &&
         variables_ == other.variables_;
}

}  // namespace safe_docker::shell
