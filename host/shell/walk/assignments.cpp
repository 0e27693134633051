// The part of the evaluator that expands the words of a command and gives variables their values.
#include <algorithm>
#include <array>
#include <string>

#include "evaluator.hpp"

namespace safe_docker::shell {
namespace {

bool IsDeclaration(std::string_view name) {
  return name == "export" || name == "declare" || name == "local" || name == "readonly" || name == "typeset";
}

// Programs that leave the files that are there as they are.
constexpr std::array kLeavesFiles = std::to_array<std::string_view>(
    {"echo",  "printf", "pwd",    "true",   "false",   "test",    "[",        "cat",     "ls",       "grep",
     "head",  "tail",   "wc",     "id",     "date",    "whoami",  "hostname", "uname",   "which",    "type",
     "sleep", "stat",   "file",   "du",     "df",      "ps",      "basename", "dirname", "realpath", "readlink",
     "nproc", "clear",  "cut",    "tr",     "seq",     "env",     ":",        "shopt",   "wait",     "jobs",
     "umask", "ulimit", "times",  "kill",   "command", "builtin", "exec",     "sudo",    "nice",     "timeout",
     "time",  "nohup",  "setsid", "stdbuf", "disown",  "help",    "history",  "suspend", "caller"});

// Programs after which a folder that could be made may not be any more, or not be entered.
constexpr std::array kLimits =
    std::to_array<std::string_view>({"umask", "ulimit", "chmod", "chown", "chgrp", "chattr", "setfacl", "mount", "su",
                                     "sudo", "prlimit", "unshare", "runuser", "setpriv"});

}  // namespace

void Evaluator::NoteProgram(std::string_view program) {
  const bool harmless = std::find(kLeavesFiles.begin(), kLeavesFiles.end(), program) != kLeavesFiles.end();
  files_may_differ_ = files_may_differ_ || !harmless;
  may_limit_ = may_limit_ || std::find(kLimits.begin(), kLimits.end(), program) != kLimits.end();
}

bool Evaluator::FilesMayDiffer() const { return files_may_differ_ || files_.changes() > 0 || !written_files_.empty(); }

void Evaluator::NoteComputed(std::string_view text) { ReportComputed(text); }

// Adds what one field of a word becomes: paths, if it is a pattern.
void Evaluator::AppendWord(Field field, const SyntaxWord& word, Words* words) {
  const bool in_command_place = words->empty();
  const std::string_view name = in_command_place ? names_.MayBe(field.text, field.globs) : std::string_view();
  const bool is_glob = !field.globs.empty();
  std::vector<Field> fields;
  if (is_glob && name.empty() && state_.Has("GLOBIGNORE")) {
    fields.push_back({std::string(1, kUnknownPart), true});
  } else if (is_glob && name.empty()) {
    expander_.ExpandPath(std::move(field), &fields);
  } else {
    field.text = is_glob ? std::string(name) : std::move(field.text);
    fields.push_back(std::move(field));
  }
  const bool may_vanish = is_glob && !name.empty() &&
                          (state_.options.nullglob != Setting::kOff || state_.options.failglob != Setting::kOff);
  for (Field& each : fields) {
    each.may_split = each.may_split || may_vanish;
    words->push_back(
        {std::move(each.text), std::string(word.written), each.may_split, SpanOf(word.written), each.is_identifier});
  }
}

Evaluator::Words Evaluator::ExpandWords(const SyntaxWord* words) {
  Words result;
  const bool declaration = words != nullptr && IsDeclaration(words->written);
  const bool overridden = declaration && state_.functions.find(words->written) != state_.functions.end();
  std::vector<Field> fields;
  for (const SyntaxWord* word = words; word != nullptr; word = word->next) {
    fields.clear();
    expander_.Expand(*word, declaration ? WordPlace::kDeclaration : WordPlace::kCommand, &fields);
    if (!Spend(2 * fields.size())) {
      return result;
    }
    for (Field& field : fields) {
      AppendWord(std::move(field), *word, &result);
    }
    if (!word->is_array || result.empty()) {
      continue;
    }
    if (overridden) {
      expander_.AssignElements("REPLY", word->elements, false);
    } else {
      declared_elements_.emplace_back(result.back().written, word->elements);
    }
    result.back().text.push_back(kUnknownPart);
  }
  return result;
}

// Arithmetic: ((...)) and the parts of for ((...)).
void Evaluator::EvaluateWords(const SyntaxWord* words) {
  for (const SyntaxWord* word = words; word != nullptr; word = word->next) {
    expander_.EvaluateParts(word->parts);
  }
}

// What [[ ]] tests. Beside -eq and its like stands arithmetic, behind -v the name of a variable.
void Evaluator::ExpandCondition(const Condition& condition) {
  constexpr std::array<std::string_view, 6> kComparisons = {"-eq", "-ne", "-lt", "-le", "-gt", "-ge"};
  for (const Condition* member = condition.first; member != nullptr; member = member->next) {
    ExpandCondition(*member);
  }
  const bool computes = std::find(kComparisons.begin(), kComparisons.end(), condition.operation) != kComparisons.end();
  for (const SyntaxWord* word : {condition.left, condition.right}) {
    const std::string text = word == nullptr ? std::string() : expander_.ExpandToOne(word->parts, false).text;
    if (word != nullptr && computes) {
      expander_.Evaluate(text);
    } else if (word != nullptr && (condition.operation == "-v" || condition.operation == "-R")) {
      expander_.TestReference(text);
    }
  }
}

// Remembers what matters of a variable that was just given a value, beyond the value itself.
void Evaluator::NoteValue(std::string_view name, std::string_view written, std::size_t mentions_before) {
  const ShellVariable value = state_.Get(name);
  Spend((written.size() + value.value.size()) / 32);
  if (mentions_ > mentions_before || names_.MentionedIn(written) || names_.MentionedIn(value.value) ||
      RefersToMention(written) || (state_.Has("IFS") && names_.StandsIn(value.value))) {
    tainted_.emplace(name);
  }
  NoteCode(name, value);
}

// BASH_ALIASES and BASH_CMDS: their elements are aliases, and programs.
void Evaluator::NoteSpecialArray(std::string_view name, const SyntaxWord* elements) {
  const bool is_special = name == "BASH_ALIASES" || name == "BASH_CMDS";
  for (const SyntaxWord* element = is_special ? elements : nullptr; element != nullptr; element = element->next) {
    if (element->assignment != nullptr && element->assignment->subscript != nullptr) {
      const std::string key = expander_.ExpandToOne(element->assignment->subscript, false).text;
      state_.aliases[key] = expander_.ExpandToOne(element->assignment->value->parts, true).text;
    }
  }
}

void Evaluator::Assign(const Assignment& assignment) {
  const std::size_t mentions = mentions_;
  const SyntaxWord& word = *assignment.value;
  if (word.is_array) {
    expander_.AssignElements(assignment.name, word.elements, assignment.append);
    NoteSpecialArray(assignment.name, word.elements);
  } else {
    Field field = expander_.ExpandToOne(word.parts, true);
    const bool is_identifier = field.is_identifier && field.text == std::string(1, kUnknownPart);
    const PrintedWords printed = field.words;
    std::string value = std::move(field.text);
    std::optional<std::string> subscript;
    if (assignment.subscript != nullptr) {
      subscript = expander_.ExpandToOne(assignment.subscript, false).text;
    }
    expander_.Assign(assignment.name, subscript ? std::optional<std::string_view>(*subscript) : std::nullopt,
                     std::move(value), assignment.append);
    if (is_identifier && assignment.subscript == nullptr && !assignment.append) {
      state_.NoteIdentifier(assignment.name);
    } else if (assignment.subscript == nullptr && !assignment.append) {
      state_.NoteWords(assignment.name, printed);
    }
  }
  NoteValue(assignment.name, word.written, mentions);
}

}  // namespace safe_docker::shell
