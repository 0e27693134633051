// The part of the expander that looks up what parameters stand for.
#include <algorithm>
#include <array>
#include <charconv>

#include "expansion.hpp"
#include "syntax/lexer.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestReference = 8;

std::string Unknown() { return std::string(1, kUnknownPart); }

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// [@] or [*]; NUL if it is neither.
char WholeList(const Part* index) {
  const bool literal = index != nullptr && index->next == nullptr && index->kind == Part::Kind::kLiteral;
  return literal && (index->text == "@" || index->text == "*") ? index->text[0] : '\0';
}

// Whether the operation chooses between the value and a word: -, =, +, ? with or without a colon.
bool ChoosesDefault(std::string_view operation) {
  const bool size_fits = operation.size() == 1 || (operation.size() == 2 && operation[0] == ':');
  return size_fits && std::string_view("-=+?").find(operation.back()) != std::string_view::npos;
}

// Whether a list stands in the word of a default where bash takes it neither for one text nor for a list alone.
bool MixesLists(const Part* argument, bool separators_set) {
  for (const Part* part = argument; part != nullptr; part = part->next) {
    const bool is_list = part->kind == Part::Kind::kParameter &&
                         (part->name == "@" || part->name == "*" || WholeList(part->expansion->index) != '\0');
    const bool alone = argument->next == nullptr && (part->quoted || !separators_set);
    if (is_list && !alone) {
      return true;
    }
  }
  return false;
}

// ${!prefix*} and ${!prefix@}
bool ListsNames(const Part& part) {
  return part.indirect && (part.expansion->operation == "*" || part.expansion->operation == "@") &&
         part.expansion->argument == nullptr && part.expansion->index == nullptr && IsName(part.name);
}

}  // namespace

bool IsDynamicVariable(std::string_view name) {
  constexpr std::array<std::string_view, 18> kDynamic = {
      "RANDOM",       "SRANDOM",       "SECONDS",    "EPOCHSECONDS", "EPOCHREALTIME", "BASHPID",
      "BASH_COMMAND", "BASH_SUBSHELL", "HISTCMD",    "LINENO",       "DIRSTACK",      "GROUPS",
      "FUNCNAME",     "BASH_LINENO",   "PIPESTATUS", "BASH_SOURCE",  "BASH_ARGC",     "BASH_ARGV"};
  return std::find(kDynamic.begin(), kDynamic.end(), name) != kDynamic.end();
}

std::pair<std::string_view, std::optional<std::string_view>> SplitReference(std::string_view text) {
  const std::size_t bracket = text.find('[');
  if (bracket == std::string_view::npos) {
    return {IsName(text) ? text : std::string_view(), std::nullopt};
  }
  const bool fits = IsName(text.substr(0, bracket)) && text.ends_with(']') && bracket + 2 < text.size();
  if (!fits) {
    return {};
  }
  return {text.substr(0, bracket), text.substr(bracket + 1, text.size() - bracket - 2)};
}

Expander::Value Expander::UnknownValue(PrintedWords words) { return Text(Unknown(), words); }

Expander::Value Expander::UnknownList(bool is_star) {
  Value value = UnknownValue();
  value.is_star = is_star;
  value.any_count = true;
  return value;
}

Expander::Value Expander::Text(std::string text, PrintedWords words) {
  Value value;
  value.text = std::move(text);
  value.words = words;
  return value;
}

Expander::Value Expander::LookupSpecial(std::string_view name) {
  if (name == "@" || name == "*") {
    if (!state_->arguments_known && state_->arguments.empty()) {
      return UnknownList(name == "*");
    }
    Value value;
    value.is_list = true;
    value.is_star = name == "*";
    value.any_count = !state_->arguments_known;
    value.list = state_->arguments;
    value.is_set = !value.list.empty();
    return value;
  }
  if (IsNumber(name) && name.size() < 7 && name.find_first_not_of('0') != std::string_view::npos) {
    std::size_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (!state_->arguments_known && number > state_->arguments.size()) {
      return UnknownValue();
    }
    Value value;
    value.is_set = number <= state_->arguments.size();
    value.text = value.is_set ? state_->arguments[number - 1] : "";
    return value;
  }
  if (name == "0" && !state_->script_name.empty()) {
    return Text(state_->script_name);
  }
  if (name == "#" && state_->arguments_known) {
    return Text(std::to_string(state_->arguments.size()));
  }
  const bool number_like = name == "#" || name == "?" || name == "$";
  const bool optional_word = name == "!" || name == "-";
  return UnknownValue(number_like ? PrintedWords::kOne
                                  : (optional_word ? PrintedWords::kAtMostOne : PrintedWords::kAny));
}

// What bash keeps itself, as far as the text has not made it an ordinary variable.
std::optional<ShellVariable> Expander::Dynamic(std::string_view name) const {
  const ShellVariable* found = state_->Find(name);
  if (name == "_") {
    return KnownOrNot(state_->last_argument);
  }
  if (found != nullptr) {
    const bool unset = found->state == Variable::State::kUnset;
    return IsDynamicVariable(name) && !unset ? std::optional(UnknownVariable()) : std::nullopt;
  }
  if (name == "PWD") {
    return KnownOrNot(state_->cwd);
  }
  if (name == "OLDPWD" && !state_->old_cwd.empty()) {
    return KnownOrNot(state_->old_cwd);
  }
  if (name == "IFS") {
    return KnownOrNot(" \t\n");
  }
  if (name == "BASH_VERSION" || name == "BASH") {
    return state_->is_bash ? std::optional(UnknownVariable()) : std::nullopt;
  }
  return std::nullopt;
}

std::string Expander::ResolvedName(std::string_view name) const {
  std::string resolved(name);
  for (int depth = 0; depth < kDeepestReference; ++depth) {
    const ShellVariable* found = state_->Find(SplitReference(resolved).first);
    if (found == nullptr || !found->is_reference) {
      return resolved;
    }
    if (found->state != Variable::State::kKnown || SplitReference(found->value).first.empty()) {
      return found->state == Variable::State::kUnset || found->value.empty() ? resolved : std::string();
    }
    resolved = found->value;
  }
  return {};
}

Expander::Value Expander::LookupList(const ShellVariable& variable, bool is_star) const {
  const bool known = variable.state == Variable::State::kKnown;
  if (!variable.is_array) {
    Value value;
    value.is_list = true;
    value.is_set = variable.state != Variable::State::kUnset;
    value.is_star = is_star;
    value.list.assign(value.is_set ? 1 : 0, variable.value);
    return value;
  }
  if (!known) {
    return UnknownList(is_star);
  }
  Value value;
  value.is_list = true;
  value.is_star = is_star;
  for (const ArrayElement& element : variable.elements) {
    value.list.push_back(element.value);
  }
  value.is_set = !value.list.empty();
  return value;
}

// Variables that have a value in each bash, whatever its environment.
bool Expander::IsSetByShell(std::string_view name) {
  constexpr std::array<std::string_view, 24> kNames = {
      "BASH",     "BASHOPTS", "BASHPID",  "BASH_VERSION", "EPOCHSECONDS", "EPOCHREALTIME", "EUID", "HOSTNAME",
      "HOSTTYPE", "LINENO",   "MACHTYPE", "OPTERR",       "OPTIND",       "OSTYPE",        "PATH", "PPID",
      "PS4",      "RANDOM",   "SECONDS",  "SHELLOPTS",    "SHLVL",        "SRANDOM",       "TERM", "UID"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Expander::Value Expander::LookupVariable(std::string_view name) {
  if (const std::optional<ShellVariable> dynamic = Dynamic(name); dynamic) {
    // Other shells let an assigned value stay.
    const bool by_shell = dynamic->state == Variable::State::kUnknown && name != "_" && !state_->Has(name);
    return Text(dynamic->value, by_shell ? WordsOfVariable(name, state_->is_bash) : PrintedWords::kAny);
  }
  const ShellVariable variable = state_->Get(name);
  Value value;
  if (variable.is_array) {
    const ArrayElement* first = FirstElement(variable);
    const bool known = variable.state == Variable::State::kKnown;
    value.is_set = !known || first != nullptr;
    value.text = known ? (first == nullptr ? "" : first->value) : Unknown();
    return value;
  }
  if (variable.state != Variable::State::kUnset) {
    value.text = variable.value;
    value.words = variable.is_identifier ? PrintedWords::kIdentifier : variable.words;
    return value;
  }
  // The environment of the shell may differ from that of this process.
  const bool set_here = state_->Has(name);
  value.is_set = !set_here && IsSetByShell(name);
  value.text = set_here ? "" : Unknown();
  value.words = set_here ? PrintedWords::kAny : WordsOfVariable(name, state_->is_bash);
  return value;
}

// The index that a subscript's text gives.
std::optional<std::int64_t> Expander::IndexOf(const ShellVariable& array, std::string_view subscript) {
  const ArithmeticResult result = Evaluate(subscript);
  if (result.status != ArithmeticResult::Status::kKnown) {
    return std::nullopt;
  }
  return AbsoluteIndex(array, result.value);
}

Expander::Value Expander::LookupElement(std::string_view name, std::string_view subscript) {
  const std::optional<ShellVariable> dynamic = Dynamic(name);
  const ShellVariable variable = dynamic ? *dynamic : state_->Get(name);
  const bool exists = variable.is_array || variable.state != Variable::State::kUnset;
  if (!variable.is_associative && exists && !IsDynamicVariable(name)) {
    const std::optional<std::int64_t> index = IndexOf(variable, subscript);
    if (!variable.is_array && index) {
      return *index == 0 || !IsKnown(variable.value) ? Text(*index == 0 ? variable.value : Unknown()) : Value{false};
    }
    if (!index || variable.state != Variable::State::kKnown) {
      return UnknownValue();
    }
    const ArrayElement* element = FindElement(variable, *index);
    return element == nullptr ? Value{false} : Text(element->value);
  }
  if (variable.is_associative && variable.state == Variable::State::kKnown && IsKnown(subscript)) {
    const ArrayElement* element = FindElement(variable, subscript);
    return element == nullptr ? Value{false} : Text(element->value);
  }
  if (!exists && !variable.is_associative) {
    Evaluate(subscript);  // for the code in it
    Value value{false};
    value.text = state_->Has(name) ? "" : Unknown();
    return value;
  }
  return UnknownValue(dynamic ? WordsOfVariable(name, state_->is_bash) : PrintedWords::kAny);
}

Expander::Value Expander::Lookup(std::string_view name, const Part* index) {
  const bool special = name.size() == 1 && !IsNameCharacter(name[0]);
  if (special || (!name.empty() && name[0] >= '0' && name[0] <= '9')) {
    return LookupSpecial(name);
  }
  const std::string resolved = ResolvedName(name);
  const auto [target, subscript] = SplitReference(resolved);
  if (resolved.empty()) {
    return index == nullptr ? UnknownValue() : UnknownList(WholeList(index) == '*');
  }
  if (subscript && index == nullptr) {
    return LookupReference(resolved);
  }
  if (index == nullptr) {
    return LookupVariable(target);
  }
  if (const char whole = WholeList(index); whole != '\0') {
    const std::optional<ShellVariable> dynamic = Dynamic(target);
    if (dynamic && dynamic->state == Variable::State::kUnknown) {
      return UnknownList(whole == '*');
    }
    const ShellVariable variable = dynamic ? *dynamic : state_->Get(target);
    const bool unknown = variable.state == Variable::State::kUnset && !state_->Has(target);
    Value value = unknown ? UnknownList(whole == '*') : LookupList(variable, whole == '*');
    value.is_set = value.is_set && !unknown;
    return value;
  }
  return LookupElement(target, ExpandToOne(index, false).text);
}

// What a text that names a parameter stands for: a name, name[subscript], a number or a special parameter.
Expander::Value Expander::LookupReference(std::string_view text) {
  if (!IsKnown(text)) {
    if (text.find_first_of("$`") != std::string_view::npos) {
      runner_->NoteComputed(text);
    }
    return UnknownList(false);
  }
  const auto [name, subscript] = SplitReference(text);
  if (!name.empty() && !subscript) {
    return Lookup(name, nullptr);
  }
  if (!name.empty()) {
    const std::string expanded = ExpandAgain(*subscript);
    if (expanded == "@" || expanded == "*") {
      return LookupList(state_->Get(name), expanded == "*");
    }
    return LookupElement(name, expanded);
  }
  const bool special = IsNumber(text) || (text.size() == 1 && std::string_view("@*#?-$!").find(text[0]) != text.npos);
  return special ? LookupSpecial(text) : Value{false};
}

// ${!name}, ${!name[subscript]}
Expander::Value Expander::LookupIndirect(const Part& part) {
  if (const ShellVariable* found = state_->Find(part.name);
      found != nullptr && found->is_reference && part.expansion->index == nullptr) {
    return Text(found->value);
  }
  const Value named = Lookup(part.name, part.expansion->index);
  if (named.is_list || named.any_count) {
    return UnknownList(false);
  }
  return named.text.empty() ? Value{false} : LookupReference(named.text);
}

// ${!array[@]} and ${!prefix@}
Expander::Value Expander::Keys(const Part& part) {
  const bool is_star = part.expansion->operation == "*" || WholeList(part.expansion->index) == '*';
  if (ListsNames(part)) {
    return UnknownList(is_star);  // the environment may hold more
  }
  const std::string name = ResolvedName(part.name);
  const std::optional<ShellVariable> dynamic = Dynamic(name);
  const ShellVariable variable = dynamic ? *dynamic : state_->Get(name);
  const bool set_here = state_->Has(name) || variable.state != Variable::State::kUnset;
  if (name.empty() || !set_here || (variable.is_array && variable.state != Variable::State::kKnown) ||
      IsDynamicVariable(name)) {
    return UnknownList(is_star);
  }
  Value value;
  value.is_list = true;
  value.is_star = is_star;
  for (const ArrayElement& element : variable.elements) {
    value.list.push_back(variable.is_associative ? element.key : std::to_string(element.index));
  }
  if (!variable.is_array && variable.state != Variable::State::kUnset) {
    value.list.emplace_back("0");
  }
  value.is_set = !value.list.empty();
  return value;
}

Expander::Value Expander::LengthOf(const Part& part, const Value& value) const {
  const bool whole = part.name == "@" || part.name == "*" || WholeList(part.expansion->index) != '\0';
  if (whole) {
    const bool known = !value.any_count && (value.is_list || !value.is_set);
    return known ? Text(std::to_string(value.list.size())) : UnknownValue(PrintedWords::kOne);
  }
  // How many characters bytes beyond ASCII make depends on the locale.
  const bool counts = std::all_of(value.text.begin(), value.text.end(),
                                  [](char c) { return c != kUnknownPart && static_cast<unsigned char>(c) < 0x80; });
  return counts ? Text(std::to_string(value.text.size())) : UnknownValue(PrintedWords::kOne);
}

void Expander::ExpandParameter(const Part& part, FieldBuilder* builder) {
  if (part.expansion->operation == "bad" || part.name.empty()) {
    ExpandToOne(part.expansion->argument, false);
    Append(UnknownValue(), part.quoted, builder);
    return;
  }
  const bool lists_keys =
      part.indirect &&
      (ListsNames(part) || (WholeList(part.expansion->index) != '\0' && part.expansion->operation.empty()));
  if (lists_keys) {
    Append(Keys(part), part.quoted, builder);
    return;
  }
  Value value = part.indirect ? LookupIndirect(part) : Lookup(part.name, part.expansion->index);
  if (!runner_->Spend(value.list.size() / 8 + value.text.size() / 64)) {
    Append(UnknownValue(), part.quoted, builder);
    return;
  }
  if (part.length) {
    Append(LengthOf(part, value), part.quoted, builder);
    return;
  }
  if (part.expansion->operation.empty()) {
    Append(value, part.quoted, builder);
  } else if (!ApplyDefault(part, value, builder)) {
    value = ApplyOperation(part, std::move(value));
    // With other separators bash joins such a list by blanks before it splits, but not always.
    const bool joins = value.is_list && !part.quoted && builder->splits() && Separators() != nullptr;
    Append(joins ? UnknownList(value.is_star) : value, part.quoted, builder);
  }
}

// The operations that choose between the value and a word. True if one of them was there.
bool Expander::ApplyDefault(const Part& part, const Value& value, FieldBuilder* builder) {
  const std::string_view operation = part.expansion->operation;
  if (!ChoosesDefault(operation)) {
    return false;
  }
  const char kind = operation.back();
  const bool colon = operation.size() == 2;
  const std::string text = value.is_list ? JoinedList(value) : value.text;
  const bool unsure = value.is_set && (value.any_count || (colon && text.find_first_not_of(kUnknownPart) == text.npos &&
                                                           text.find(kUnknownPart) != text.npos));
  const bool use_value = value.is_set && !(colon && text.empty());
  if (unsure) {
    ExpandToOne(part.expansion->argument, false);  // for the commands in it
    if (kind == '=') {
      Assign(part.name, std::nullopt, Unknown(), false);
    }
    Append(value.any_count ? UnknownList(value.is_star) : UnknownValue(), part.quoted, builder);
  } else if (kind == '+' ? !use_value : use_value || kind == '?') {
    if (kind == '?') {
      ExpandToOne(part.expansion->argument, false);
    }
    const bool whole = part.name == "@" || WholeList(part.expansion->index) == '@';
    kind == '+' && part.quoted && !whole ? builder->AppendQuoted({}) : void();
    kind == '+' ? void() : Append(value, part.quoted, builder);
  } else if (kind == '=') {
    AssignDefault(part, builder);
  } else {
    const bool list_only = part.expansion->argument != nullptr && part.expansion->argument->next == nullptr &&
                           part.expansion->argument->kind == Part::Kind::kParameter &&
                           part.expansion->argument->name == "@";
    if (builder->splits() && MixesLists(part.expansion->argument, Separators() != nullptr)) {
      ExpandToOne(part.expansion->argument, false);
      Append(UnknownList(false), part.quoted, builder);
      return true;
    }
    part.quoted && !list_only ? builder->AppendQuoted({}) : void();
    ExpandParts(part.expansion->argument, true, builder);
  }
  return true;
}

void Expander::AssignDefault(const Part& part, FieldBuilder* builder) {
  const std::string text = ExpandToOne(part.expansion->argument, true).text;
  if (!part.indirect && (IsName(part.name))) {
    std::optional<std::string> subscript;
    if (part.expansion->index != nullptr) {
      subscript = ExpandToOne(part.expansion->index, false).text;
    }
    Assign(part.name, subscript ? std::optional<std::string_view>(*subscript) : std::nullopt, text, false);
    Append(Lookup(part.name, part.expansion->index), part.quoted, builder);
    return;
  }
  Append(UnknownValue(), part.quoted, builder);
}

}  // namespace safe_docker::shell
