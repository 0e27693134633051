#include "expansion.hpp"

#include <algorithm>

#include "brace_expansion.hpp"
#include "path_expansion.hpp"
#include "syntax/lexer.hpp"
#include "syntax/parser.hpp"
#include "tilde.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestAgain = 8;

std::string Unknown() { return std::string(1, kUnknownPart); }

// Whether a word begins as an assignment does: tildes expand behind '=' and ':' then.
bool LooksLikeAssignment(const Part* parts) {
  if (parts == nullptr || parts->kind != Part::Kind::kLiteral || parts->quoted) {
    return false;
  }
  const std::size_t end = parts->text.find_first_of("=[");
  if (end == std::string_view::npos || end == 0) {
    return false;
  }
  std::string_view name = parts->text.substr(0, end);
  const bool appends = parts->text[end] == '=' && name.ends_with('+');
  name.remove_suffix(appends ? 1 : 0);
  return IsName(name) && (parts->text[end] == '=' || parts->text.find("]=") != std::string_view::npos ||
                          parts->text.find("]+=") != std::string_view::npos);
}

// What stands after "((" in the tree of a text that is one.
const Part* OnlyArithmetic(const Program& program, std::string_view text) {
  const Command* command = program.commands;
  while (command != nullptr && command->kind != Command::Kind::kArithmetic && command->first != nullptr &&
         command->first->next == nullptr) {
    command = command->first;
  }
  const bool whole = program.failure == Failure::kNone && program.broken_parts.empty() && command != nullptr &&
                     command->kind == Command::Kind::kArithmetic && command->written.size() >= text.size();
  return whole && command->words != nullptr ? command->words->parts : nullptr;
}

}  // namespace

void Expander::Expand(const SyntaxWord& word, WordPlace place, std::vector<Field>* fields) {
  const Part* only = word.parts;
  const bool plain = only != nullptr && only->next == nullptr && only->kind == Part::Kind::kLiteral &&
                     (only->quoted || (!word.has_brace && only->text.find_first_of("~*?[(") == std::string_view::npos));
  if (plain) {  // by far the most words
    if (only->quoted || !only->text.empty()) {
      fields->push_back({std::string(only->text)});
    }
    return;
  }
  const auto expand = [&](const Part* parts) {
    const bool assignment = place != WordPlace::kElement && LooksLikeAssignment(parts);
    const bool whole = assignment && place == WordPlace::kDeclaration;
    FieldBuilder builder(whole ? FieldBuilder::Mode::kOne : FieldBuilder::Mode::kSplit, Separators());
    builder.set_assignment(assignment);
    ExpandParts(parts, false, &builder);
    if (whole) {
      fields->push_back(builder.TakeOne());
      fields->back().may_split = false;
      return;
    }
    std::vector<Field> made = builder.Take();
    std::move(made.begin(), made.end(), std::back_inserter(*fields));
  };
  if (!word.has_brace || state_->options.braceexpand == Setting::kOff) {
    expand(word.parts);
    return;
  }
  const BraceExpansion braces = ExpandBraces(word, arena_);
  if (braces.too_much || !runner_->Spend(braces.words.size())) {
    runner_->NoteTooMuch();
    fields->push_back({Unknown(), true});
    return;
  }
  if (state_->options.braceexpand == Setting::kUnknown && braces.words.size() != 1) {
    ExpandToOne(word.parts, false);
    fields->push_back({Unknown(), true});
    return;
  }
  for (const Part* parts : braces.words) {
    expand(parts);
  }
}

Field Expander::ExpandToOne(const Part* parts, bool assignment) {
  FieldBuilder builder(FieldBuilder::Mode::kOne, nullptr);
  builder.set_assignment(assignment);
  ExpandParts(parts, false, &builder);
  return builder.TakeOne();
}

std::string Expander::ExpandToPattern(const Part* parts) {
  FieldBuilder builder(FieldBuilder::Mode::kPattern, nullptr);
  ExpandParts(parts, false, &builder);
  return std::move(builder.TakeOne().text);
}

std::string Expander::ExpandAgain(std::string_view text) {
  if (text.find_first_of("$`\\\"") == std::string_view::npos) {
    return std::string(text);
  }
  if (text.find_first_of("$`") == std::string_view::npos) {
    return IsKnown(text) ? std::string(text) : Unknown();
  }
  if (expanding_again_ >= kDeepestAgain || !runner_->Spend(1 + text.size() / 16)) {
    runner_->NoteTooMuch();
    return Unknown();
  }
  const std::string_view copy = arena_->Copy("((" + std::string(text) + "))");
  const Part* parts = OnlyArithmetic(Parse(copy, arena_, 0), copy);
  if (parts == nullptr || !IsKnown(text)) {
    runner_->NoteComputed(text);
  }
  ++expanding_again_;
  std::string expanded = parts == nullptr ? Unknown() : ExpandToOne(parts, false).text;
  --expanding_again_;
  return expanded;
}

void Expander::ExpandParts(const Part* parts, bool splits_literals, FieldBuilder* builder) {
  bool first = true;
  for (const Part* part = parts; part != nullptr; part = part->next, first = false) {
    const bool bare = part->kind == Part::Kind::kLiteral && !part->quoted;
    if (bare && part->text.find('~') != std::string_view::npos) {
      // What a tilde becomes is neither split nor globbed; as a literal it may count as globbed, never as split.
      builder->AppendLiteral(WithTildes(part->text, first, builder->is_assignment(), part->next == nullptr));
    } else {
      ExpandPart(*part, splits_literals, builder);
    }
  }
}

void Expander::ExpandEach(const Part* parts, FieldBuilder* builder) {
  for (const Part* part = parts; part != nullptr; part = part->next) {
    ExpandPart(*part, false, builder);
  }
}

// What arithmetic reads: as if in double quotes, and quotes in it go.
std::string Expander::ArithmeticText(const Part* parts) {
  std::string text;
  for (const Part* part = parts; part != nullptr; part = part->next) {
    if (part->kind == Part::Kind::kLiteral) {
      std::copy_if(part->text.begin(), part->text.end(), std::back_inserter(text), [](char c) { return c != '"'; });
      continue;
    }
    FieldBuilder builder(FieldBuilder::Mode::kOne, nullptr);
    ExpandPart(*part, false, &builder);
    text.append(builder.TakeOne().text);
  }
  return text;
}

void Expander::ExpandPart(const Part& part, bool splits_literals, FieldBuilder* builder) {
  switch (part.kind) {
    case Part::Kind::kLiteral:
      if (part.quoted) {
        builder->AppendQuoted(part.text);
      } else if (splits_literals) {
        builder->AppendSplit(part.text, PrintedWords::kAny);
      } else {
        builder->AppendLiteral(part.text);
      }
      break;
    case Part::Kind::kParameter:
      ExpandParameter(part, builder);
      break;
    case Part::Kind::kCommand: {
      Value value = UnknownValue();
      if (part.expansion->command != nullptr) {
        Captured captured = runner_->Capture(*part.expansion->command);
        value = Text(std::move(captured.text), captured.words);
      }
      Append(value, part.quoted, builder);
      break;
    }
    case Part::Kind::kArithmetic: {
      const ArithmeticResult result = Evaluate(ArithmeticText(part.expansion->argument));
      const bool known = result.status == ArithmeticResult::Status::kKnown;
      Append(known ? Text(std::to_string(result.value)) : UnknownValue(PrintedWords::kOne), part.quoted, builder);
      break;
    }
    case Part::Kind::kProcess:
      builder->AppendQuoted(runner_->RunProcess(*part.expansion->command, part.expansion->operation == ">"));
      break;
    case Part::Kind::kArraySubscript:
      builder->AppendLiteral("[");
      builder->AppendQuoted(ExpandToOne(part.expansion->argument, false).text);
      builder->AppendLiteral("]");
      break;
  }
}

// The elements of a list as one text: $* with the first character of IFS between them, $@ with blanks.
std::string Expander::JoinedList(const Value& value) const {
  const ShellVariable* ifs = Separators();
  std::string separator = " ";
  if (value.is_star && ifs != nullptr && ifs->state != Variable::State::kUnset) {
    separator = ifs->state == Variable::State::kKnown ? ifs->value.substr(0, 1) : Unknown();
  }
  std::string text;
  for (std::size_t i = 0; i < value.list.size(); ++i) {
    text.append(i == 0 ? "" : separator).append(value.list[i]);
  }
  return value.any_count ? text + kUnknownPart : text;
}

void Expander::Append(const Value& value, bool quoted, FieldBuilder* builder) {
  if (value.any_count && !value.is_list && builder->splits()) {
    builder->MaySplit();
  }
  if (value.is_list && builder->splits() && !(value.is_star && quoted)) {
    for (std::size_t i = 0; i < value.list.size(); ++i) {
      if (i > 0) {
        quoted ? builder->Break() : builder->BreakUnquoted();
      }
      quoted ? builder->AppendQuoted(value.list[i]) : builder->AppendSplit(value.list[i], PrintedWords::kAny);
    }
    if (value.any_count) {
      quoted ? builder->Break() : builder->BreakUnquoted();
      builder->MaySplit();
      builder->AppendQuoted(Unknown());
    }
    return;
  }
  const std::string text = value.is_list ? JoinedList(value) : value.text;
  quoted ? builder->AppendQuoted(text, value.words) : builder->AppendSplit(text, value.words);
}

void Expander::HideGlobs(Field* field) {
  const std::size_t last_bracket = field->text.rfind(']');
  std::string hidden;
  std::size_t at = 0;
  for (const std::uint32_t glob : field->globs) {
    if (glob + 1 < field->text.size() && field->text[glob + 1] == '(') {  // a pattern that may hold anything
      hidden.append(field->text, at, glob - at).append(1, kUnknownPart);
      at = field->text.size();
      field->may_split = true;
      break;
    }
    const bool bracket = field->text[glob] == '[';
    if (glob < at || (bracket && (last_bracket == std::string::npos || last_bracket < glob))) {
      continue;
    }
    hidden.append(field->text, at, glob - at);
    if (!hidden.ends_with(kUnknownPart)) {
      hidden.push_back(kUnknownPart);
    }
    at = (bracket ? field->text.find(']', glob) : glob) + 1;
    field->may_split = true;
  }
  hidden.append(field->text, at);
  field->text = std::move(hidden);
  field->globs.clear();
}

void Expander::ExpandPath(Field field, std::vector<Field>* fields) {
  const ShellOptions& options = state_->options;
  if (options.noglob == Setting::kOn) {
    field.globs.clear();
    fields->push_back(std::move(field));
    return;
  }
  std::string pattern;
  std::size_t next = 0;
  for (std::size_t i = 0; i < field.text.size(); ++i) {
    const bool is_quoted = next < field.quoted.size() && field.quoted[next] == i;
    next += is_quoted ? 1 : 0;
    pattern.append(is_quoted ? "\\" : "").append(1, field.text[i]);
  }
  const PathExpansion paths = runner_->FilesMayDiffer() || field.may_split || !IsKnown(field.text)
                                  ? PathExpansion()
                                  : ExpandPathPattern(pattern, state_->cwd, options);
  const bool affordable = runner_->Spend(1 + paths.work);
  if (!paths.known || !affordable) {
    HideGlobs(&field);
    if (options.nullglob != Setting::kOff || options.failglob != Setting::kOff) {
      field.text.insert(0, 1, kUnknownPart);
      field.may_split = true;
    }
    fields->push_back(std::move(field));
    return;
  }
  if (paths.paths.empty() && options.nullglob == Setting::kOff) {
    field.globs.clear();
    fields->push_back(std::move(field));
  }
  for (const std::string& path : paths.paths) {
    fields->push_back({path});
  }
}

std::string Expander::TildeValue(std::string_view prefix) const {
  if (prefix.empty()) {
    const ShellVariable home = state_->Get("HOME");
    const bool is_odd = home.value.empty() || home.value.find_first_of("*?[") != std::string::npos;
    return home.state == Variable::State::kUnset || home.is_array || is_odd ? Unknown() : home.value;
  }
  if (prefix == "+") {
    return state_->Has("PWD") ? state_->Get("PWD").value : state_->cwd;
  }
  if (prefix == "-") {
    return state_->old_cwd.empty() ? Unknown() : state_->old_cwd;
  }
  const bool of_stack = prefix[0] == '+' || prefix[0] == '-' || (prefix[0] >= '0' && prefix[0] <= '9');
  return of_stack ? Unknown() : HomeOfUser(prefix);
}

// `text` with its tildes expanded: at the start of the word, and behind '=' and ':' of an assignment.
std::string Expander::WithTildes(std::string_view text, bool at_start, bool assignment, bool ends_word) const {
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
      const std::string_view prefix = text.substr(i + 1, end - i - 1);
      // In front of a colon other shells leave a tilde as it is, but for assignments.
      const bool differs = !assignment && !state_->is_bash && end < text.size() && text[end] == ':';
      result.append(differs ? Unknown() : TildeValue(prefix));
      i = end - 1;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

}  // namespace safe_docker::shell
