#include "expansion.hpp"

#include <algorithm>
#include <utility>

#include "brace_expansion.hpp"
#include "lexer.hpp"
#include "names.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostPatternText = 4096;

std::string Unknown() { return std::string(1, kUnknownPart); }

bool IsGlob(char c) { return c == '*' || c == '?' || c == '['; }

// The elements with the first character of IFS between them.
std::string Joined(const std::vector<std::string>& list, const ShellVariable& ifs) {
  if (ifs.state == Variable::State::kUnknown && list.size() > 1) {
    return Unknown();
  }
  const std::string separator = ifs.state == Variable::State::kUnset ? " " : ifs.value.substr(0, 1);
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i) {
    text.append(i == 0 ? "" : separator).append(list[i]);
  }
  return text;
}

bool ToNumber(std::string_view text, std::size_t* number) {
  *number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || text.size() > 6) {
      return false;
    }
    *number = *number * 10 + static_cast<std::size_t>(c - '0');
  }
  return !text.empty();
}

// Whether a word begins as an assignment does: tildes expand behind '=' and ':' then.
bool LooksLikeAssignment(const Part* parts) {
  if (parts == nullptr || parts->kind != Part::Kind::kLiteral || parts->quoted) {
    return false;
  }
  const std::size_t equals = parts->text.find('=');
  return equals != std::string_view::npos && IsName(parts->text.substr(0, equals));
}

// [@]
bool IsWholeList(const Part* index) {
  return index != nullptr && index->next == nullptr && index->kind == Part::Kind::kLiteral && index->text == "@";
}

// Whether the operation chooses between the value and a word: -, =, +, ? with or without a colon.
bool ChoosesDefault(std::string_view operation) {
  const bool size_fits = operation.size() == 1 || (operation.size() == 2 && operation[0] == ':');
  return size_fits && std::string_view("-=+?").find(operation.back()) != std::string_view::npos;
}

// Cuts what `pattern` matches off the front or the back of `text`.
std::string WithoutMatch(const std::string& text, const Field& pattern, bool front, bool longest) {
  for (std::size_t step = 0; step <= text.size(); ++step) {
    const std::size_t size = longest ? text.size() - step : step;
    const std::string_view whole = text;
    const std::string_view piece = front ? whole.substr(0, size) : whole.substr(text.size() - size);
    if (MatchesPattern(pattern.text, &pattern.globs, piece)) {
      return std::string(front ? whole.substr(size) : whole.substr(0, text.size() - size));
    }
  }
  return text;
}

}  // namespace

// Collects fields; knows what splits.
class Expander::Builder {
 public:
  Builder(Splitting splitting, const ShellVariable& ifs) : splitting_(splitting) {
    if (ifs.state == Variable::State::kKnown) {
      separators_ = ifs.value;
    } else if (ifs.state == Variable::State::kUnknown) {
      separators_known_ = false;
    }
    only_blanks_split_ = separators_known_ && separators_.find_first_not_of(" \t\n") == std::string::npos;
  }

  void AppendQuoted(std::string_view text) {
    current_.text.append(text);
    present_ = true;
    anchored_ = true;
  }

  void AppendLiteral(std::string_view text) {
    for (const char c : text) {
      AppendUnquoted(c);
    }
    present_ = present_ || !text.empty();
    anchored_ = anchored_ || !text.empty();
  }

  // What an unquoted expansion gives.
  void AppendSplit(std::string_view text, PrintedWords words) {
    const bool one_word = words != PrintedWords::kAny && only_blanks_split_;
    if (splitting_ == Splitting::kNone) {
      current_.text.append(text);
      present_ = present_ || !text.empty();
      return;
    }
    if (!separators_known_ && !text.empty()) {
      text = std::string_view("\0", 1);
    }
    for (const char c : text) {
      if (separators_.find(c) != std::string::npos && c != kUnknownPart) {
        const bool blank = c == ' ' || c == '\t' || c == '\n';
        present_ = present_ || !blank;
        Break();
        continue;
      }
      const bool may_split = current_.may_split;
      AppendUnquoted(c);
      current_.may_split = one_word ? may_split : current_.may_split;
      anchored_ = anchored_ || words != PrintedWords::kAtMostOne;
      present_ = true;
    }
  }

  void Break() {
    if (present_) {
      current_.may_split = current_.may_split || !anchored_;
      fields_.push_back(std::exchange(current_, {}));
      present_ = false;
      anchored_ = false;
    }
  }
  void MaySplit() { current_.may_split = true; }
  bool splits() const { return splitting_ == Splitting::kSplit; }

  std::vector<Field> Take() {
    Break();
    return std::move(fields_);
  }
  Field TakeOne() { return std::move(current_); }

  bool assignment = false;

 private:
  void AppendUnquoted(char c) {
    if (IsGlob(c)) {
      current_.globs.push_back(static_cast<std::uint32_t>(current_.text.size()));
    }
    current_.may_split = current_.may_split || c == kUnknownPart;
    current_.text.push_back(c);
  }

  Splitting splitting_;
  std::string separators_ = " \t\n";
  bool separators_known_ = true;
  bool only_blanks_split_ = true;
  std::vector<Field> fields_;
  Field current_;
  bool present_ = false;
  bool anchored_ = false;  // the field holds something that cannot turn out to be nothing
};

void Expander::Expand(const SyntaxWord& word, bool declaration, std::vector<Field>* fields) {
  const Part* only = word.parts;
  const bool plain = only != nullptr && only->next == nullptr && only->kind == Part::Kind::kLiteral &&
                     (only->quoted || (!word.has_brace && only->text.find_first_of("~*?[") == std::string_view::npos));
  if (plain) {  // by far the most words
    if (only->quoted || !only->text.empty()) {
      fields->push_back({std::string(only->text), false, {}});
    }
    return;
  }
  const ShellVariable ifs = state_->Has("IFS") ? state_->Get("IFS") : ShellVariable{};
  const auto expand = [&](const Part* parts) {
    const bool assignment = LooksLikeAssignment(parts);
    Builder builder(assignment && declaration ? Splitting::kNone : Splitting::kSplit, ifs);
    builder.assignment = assignment;
    ExpandParts(parts, &builder);
    std::vector<Field> made = builder.Take();
    std::move(made.begin(), made.end(), std::back_inserter(*fields));
  };
  if (!word.has_brace) {
    expand(word.parts);
    return;
  }
  const BraceExpansion braces = ExpandBraces(word, arena_);
  if (braces.too_much || !runner_->Spend(braces.words.size())) {
    runner_->NoteTooMuch();
    fields->push_back({Unknown(), true, {}});
    return;
  }
  for (const Part* parts : braces.words) {
    expand(parts);
  }
}

Field Expander::ExpandToOne(const Part* parts, bool assignment) {
  Builder builder(Splitting::kNone, {});
  builder.assignment = assignment;
  ExpandParts(parts, &builder);
  return builder.TakeOne();
}

void Expander::ExpandParts(const Part* parts, Builder* builder) {
  bool first = true;
  for (const Part* part = parts; part != nullptr; part = part->next, first = false) {
    if (part->kind == Part::Kind::kLiteral && !part->quoted && part->text.find('~') != std::string_view::npos) {
      // What a tilde becomes is neither split nor globbed; as a literal it may count as globbed, never as split.
      builder->AppendLiteral(WithTildes(part->text, first, builder->assignment, part->next == nullptr));
    } else {
      ExpandPart(*part, builder);
    }
  }
}

void Expander::ExpandPart(const Part& part, Builder* builder) {
  switch (part.kind) {
    case Part::Kind::kLiteral:
      part.quoted ? builder->AppendQuoted(part.text) : builder->AppendLiteral(part.text);
      break;
    case Part::Kind::kParameter:
      ExpandParameter(part, builder);
      break;
    case Part::Kind::kCommand: {
      Value value;
      value.is_set = true;
      value.text = Unknown();
      if (part.command != nullptr) {
        Captured captured = runner_->Capture(*part.command);
        value.text = std::move(captured.text);
        value.words = captured.words;
      }
      Append(value, part.quoted, builder);
      break;
    }
    case Part::Kind::kArithmetic: {
      const Field expression = ExpandToOne(part.argument, false);
      std::size_t number = 0;
      const bool constant = ToNumber(expression.text, &number) && expression.text[0] != '0';
      builder->AppendSplit(constant ? expression.text : Unknown(), PrintedWords::kOne);
      break;
    }
    case Part::Kind::kProcess:
      builder->AppendQuoted(runner_->RunProcess(*part.command, part.operation == ">"));
      break;
    case Part::Kind::kArraySubscript:
      builder->AppendLiteral("[");
      builder->AppendQuoted(ExpandToOne(part.argument, false).text);
      builder->AppendLiteral("]");
      break;
  }
}

void Expander::Append(const Value& value, bool quoted, Builder* builder) {
  if (value.is_list && !(value.is_star && quoted) && (builder->splits() || !quoted)) {
    for (std::size_t i = 0; i < value.list.size(); ++i) {
      if (i > 0) {
        builder->Break();
      }
      quoted ? builder->AppendQuoted(value.list[i]) : builder->AppendSplit(value.list[i], PrintedWords::kAny);
    }
    return;
  }
  const std::string text =
      value.is_list ? Joined(value.list, state_->Has("IFS") ? state_->Get("IFS") : KnownOrNot(" ")) : value.text;
  quoted ? builder->AppendQuoted(text) : builder->AppendSplit(text, value.words);
}

Expander::Value Expander::LookupSpecial(std::string_view name) {
  Value value;
  value.is_set = true;
  if (name == "@" || name == "*") {
    value.is_list = state_->arguments_known;
    value.list = state_->arguments;
    value.is_star = name == "*";
    value.text = Unknown();
    value.is_set = !state_->arguments_known || !value.list.empty();
    return value;
  }
  std::size_t number = 0;
  if (ToNumber(name, &number) && number > 0 && state_->arguments_known) {
    value.is_set = number <= state_->arguments.size();
    value.text = value.is_set ? state_->arguments[number - 1] : "";
    return value;
  }
  if (name == "0" && !state_->script_name.empty()) {
    value.text = state_->script_name;
    return value;
  }
  if (name == "#" && state_->arguments_known) {
    value.text = std::to_string(state_->arguments.size());
    return value;
  }
  const bool number_like = name == "#" || name == "?" || name == "$";
  value.words =
      number_like ? PrintedWords::kOne : (name == "!" || name == "-" ? PrintedWords::kAtMostOne : PrintedWords::kAny);
  value.text = Unknown();
  return value;
}

Expander::Value Expander::Lookup(std::string_view name, const Part* index) {
  const bool special = name.size() == 1 && !(IsNameCharacter(name[0]) && !(name[0] >= '0' && name[0] <= '9'));
  if (special || (!name.empty() && name[0] >= '0' && name[0] <= '9')) {
    return LookupSpecial(name);
  }
  Value value;
  value.is_set = true;
  const std::string subscript = index == nullptr ? std::string() : ExpandToOne(index, false).text;
  const ShellVariable variable = name == "PWD" && !state_->Has("PWD") ? KnownOrNot(state_->cwd) : state_->Get(name);
  if (variable.is_array) {
    const bool known = variable.state == Variable::State::kKnown;
    std::size_t at = 0;
    if (subscript == "@" || subscript == "*") {
      value.is_list = known;
      value.list = variable.elements;
      value.is_star = subscript == "*";
      value.text = Unknown();
      value.is_set = !known || !value.list.empty();
    } else if (known && (index == nullptr || ToNumber(subscript, &at))) {
      value.is_set = at < variable.elements.size();
      value.text = value.is_set ? variable.elements[at] : "";
    } else {
      value.text = Unknown();
    }
    return value;
  }
  const bool set_here = state_->Has(name);
  if (name == "IFS" && !set_here) {
    value.text = " \t\n";
    return value;
  }
  if (variable.state == Variable::State::kUnset) {
    value.is_set = false;
    value.text = set_here ? "" : Unknown();
  } else {
    value.text = variable.value;
  }
  const bool whole = index == nullptr || subscript == "@" || subscript == "*" || subscript == "0";
  value.text = whole ? value.text : Unknown();
  const bool by_shell = variable.state == Variable::State::kUnset && !set_here && index == nullptr;
  value.words = by_shell ? WordsOfVariable(name, state_->is_bash) : PrintedWords::kAny;
  return value;
}

void Expander::ExpandParameter(const Part& part, Builder* builder) {
  if (part.operation == "bad" || part.name.empty()) {
    ExpandToOne(part.argument, false);
    Append({true, false, PrintedWords::kAny, Unknown(), {}, false}, part.quoted, builder);
    return;
  }
  Value value = Lookup(part.name, part.index);
  if (part.indirect) {
    const bool simple = !value.is_list && IsName(value.text) && part.operation.empty();
    value = simple ? Lookup(value.text, nullptr) : Value{true, false, PrintedWords::kAny, Unknown(), {}, false};
  }
  const bool indirect_list = part.indirect && (value.is_list || !IsKnown(value.text));
  const bool computed_list =
      !part.operation.empty() && !ChoosesDefault(part.operation) && (part.name == "@" || IsWholeList(part.index));
  const bool list_unknown = !value.is_list && (part.name == "@" || part.index != nullptr) && !IsKnown(value.text);
  if ((list_unknown || indirect_list || computed_list) && builder->splits()) {
    builder->MaySplit();
  }
  if (part.length) {
    const bool known = value.is_list || IsKnown(value.text);
    const std::size_t length = value.is_list ? value.list.size() : value.text.size();
    Append({true, false, PrintedWords::kOne, known ? std::to_string(length) : Unknown(), {}, false}, part.quoted,
           builder);
    return;
  }
  if (!ApplyDefault(part, value, builder)) {
    Append(ApplyOperation(part, std::move(value)), part.quoted, builder);
  }
}

// The operations that choose between the value and a word. True if one of them was there.
bool Expander::ApplyDefault(const Part& part, const Value& value, Builder* builder) {
  const std::string_view operation = part.operation;
  if (!ChoosesDefault(operation)) {
    return false;
  }
  const char kind = operation.back();
  const bool colon = operation.size() == 2;
  const bool empty = value.is_list ? value.list.empty() : value.text.empty();
  const bool unsure = value.is_set && !value.is_list && colon && value.text == Unknown();
  const bool use_value = value.is_set && !(colon && empty);
  if (unsure) {
    ExpandToOne(part.argument, false);  // for the commands in it
    Append({true, false, PrintedWords::kAny, Unknown(), {}, false}, part.quoted, builder);
  } else if (kind == '+') {
    if (use_value) {
      ExpandParts(part.argument, builder);
    } else {
      ExpandToOne(part.argument, false);
      part.quoted ? builder->AppendQuoted({}) : void();
    }
  } else if (use_value || kind == '?') {
    ExpandToOne(part.argument, false);
    Append(value, part.quoted, builder);
  } else if (kind == '=') {
    const std::string text = ExpandToOne(part.argument, true).text;
    runner_->NoteAssigned(part.name);
    state_->Set(part.name, KnownOrNot(text));
    Append({true, false, PrintedWords::kAny, text, {}, false}, part.quoted, builder);
  } else {
    if (part.quoted) {
      builder->AppendQuoted({});
    }
    const bool literal_only = part.argument != nullptr && part.argument->next == nullptr &&
                              part.argument->kind == Part::Kind::kLiteral && !part.argument->quoted;
    literal_only ? builder->AppendSplit(WithTildes(part.argument->text, true, false, true), PrintedWords::kAny)
                 : ExpandParts(part.argument, builder);
  }
  return true;
}

Expander::Value Expander::ApplyOperation(const Part& part, Value value) {
  const std::string_view operation = part.operation;
  if (operation.empty()) {
    return value;
  }
  const Field argument = ExpandToOne(part.argument, false);
  const Value unknown{true, false, PrintedWords::kAny, Unknown(), {}, false};
  const bool usable = !value.is_list && IsKnown(value.text) && value.text.size() <= kMostPatternText &&
                      IsKnown(argument.text) && argument.text.size() <= 256 &&
                      runner_->Spend(1 + value.text.size() * (1 + argument.text.size()) / 64);
  const bool extended = argument.text.find("(") != std::string::npos;
  if (!usable || extended) {
    return unknown;
  }
  if (operation == "#" || operation == "##" || operation == "%" || operation == "%%") {
    value.text = WithoutMatch(value.text, argument, operation[0] == '#', operation.size() == 2);
    return value;
  }
  const Field second = ExpandToOne(part.second_argument, false);
  const bool simple = argument.globs.empty() && !argument.text.empty() && IsKnown(second.text) &&
                      second.text.size() <= 256 && second.text.find('&') == std::string::npos;
  if ((operation == "/" || operation == "//") && simple) {
    const std::string& from = argument.text;
    const std::string& to = second.text;
    for (std::size_t at = value.text.find(from); at != std::string::npos && value.text.size() <= kMostPatternText;
         at = operation == "//" ? value.text.find(from, at + to.size()) : std::string::npos) {
      value.text.replace(at, from.size(), to);
    }
    return value.text.size() <= kMostPatternText ? value : unknown;
  }
  const bool upper = operation[0] == '^';
  if ((upper || operation[0] == ',') && argument.text.empty()) {
    const std::size_t count = operation.size() == 2 ? value.text.size() : std::min<std::size_t>(1, value.text.size());
    for (std::size_t i = 0; i < count; ++i) {
      char& c = value.text[i];
      const bool changes = upper ? (c >= 'a' && c <= 'z') : (c >= 'A' && c <= 'Z');
      c = changes ? static_cast<char>(c ^ 0x20) : c;
    }
    return value;
  }
  std::size_t from = 0;
  std::size_t length = value.text.size();
  const bool numbers =
      ToNumber(argument.text, &from) && (part.second_argument == nullptr || ToNumber(second.text, &length));
  if (operation == ":" && numbers) {
    value.text = from > value.text.size() ? "" : value.text.substr(from, length);
    return value;
  }
  return unknown;
}

std::string Expander::TildeValue(std::string_view prefix) const {
  if (prefix.empty()) {
    const ShellVariable home = state_->Get("HOME");
    return home.state == Variable::State::kUnset ? Unknown() : home.value;
  }
  return prefix == "+" ? state_->cwd : Unknown();
}

// `text` with its tildes expanded: at the start of the word, and behind '=' and ':' of an assignment.
std::string Expander::WithTildes(std::string_view text, bool at_start, bool assignment, bool ends_word) {
  std::string result;
  bool seen_equals = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char before = i == 0 ? '\0' : text[i - 1];
    const bool candidate =
        text[i] == '~' && ((i == 0 && at_start) || (assignment && (before == ':' || (before == '=' && !seen_equals))));
    seen_equals = seen_equals || before == '=';
    const std::size_t end = std::min(text.find_first_of("/:", i), text.size());
    const bool whole = end < text.size() || ends_word;
    if (candidate && whole) {
      result.append(TildeValue(text.substr(i + 1, end - i - 1)));
      i = end - 1;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

}  // namespace safe_docker::shell
