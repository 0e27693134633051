// Words of the syntax tree to fields: tilde, parameters, substitutions, splitting, paths and quote removal as bash does
// them, with an unknown part wherever a value cannot be told. Assigns what expansions and arithmetic assign.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arithmetic.hpp"
#include "field_builder.hpp"
#include "patterns.hpp"
#include "state.hpp"
#include "syntax/arena.hpp"
#include "syntax/ast.hpp"
#include "tools/output.hpp"

namespace safe_docker::shell {

// What a command substitution gives.
struct Captured {
  std::string text;  // what the commands print, trailing newlines taken off
  PrintedWords words = PrintedWords::kAny;
};

// What expansion needs of whoever walks the commands.
class CommandRunner {
 public:
  // Walks the commands of a substitution.
  virtual Captured Capture(const Command& command) = 0;
  // Walks the commands of a <(...), or of a >(...), which `reads` what others write. Gives the path of its pipe.
  virtual std::string RunProcess(const Command& command, bool reads) = 0;
  // False if the work of this analysis is used up.
  virtual bool Spend(std::size_t work) = 0;
  virtual void NoteTooMuch() = 0;
  virtual void NoteAssigned(std::string_view name) = 0;
  // Text that bash would expand or run at this point, and that cannot be followed.
  virtual void NoteComputed(std::string_view text) = 0;
  // Whether files may be there or gone that were not when the analysis began.
  virtual bool FilesMayDiffer() const = 0;

 protected:
  ~CommandRunner() = default;
};

// Where a word stands that may look like an assignment.
enum class WordPlace : std::uint8_t {
  kCommand,      // of a simple command: tildes expand behind '=' and ':'
  kDeclaration,  // the same, and the value is not split
  kElement,      // among the elements of an array: no assignment
};

class Expander final : private ArithmeticVariables {
 public:
  Expander(ShellState* state, CommandRunner* runner, Arena* arena) : state_(state), runner_(runner), arena_(arena) {}

  // Appends the fields of `word`.
  void Expand(const SyntaxWord& word, WordPlace place, std::vector<Field>* fields);
  // One field, without splitting: assignments, redirections, here-documents, case words.
  Field ExpandToOne(const Part* parts, bool assignment);
  // A pattern in which a backslash quotes: of `case`, and right of == in [[ ]].
  std::string ExpandToPattern(const Part* parts);
  // `text` as bash expands it once more: in subscripts, prompts and the like, as if in double quotes.
  std::string ExpandAgain(std::string_view text);
  // Replaces the field, which holds glob characters, by the paths that match it; unknown if that cannot be told.
  void ExpandPath(Field field, std::vector<Field>* fields);
  // What globs can be told to become nothing certain of.
  static void HideGlobs(Field* field);

  ArithmeticResult Evaluate(std::string_view expression);
  ArithmeticResult EvaluateParts(const Part* parts) { return Evaluate(ArithmeticText(parts)); }
  // What `test -v` looks at: code in a subscript runs.
  void TestReference(std::string_view reference) { LookupReference(reference); }

  // Gives `name`, or its element, a value as an assignment does: with its attributes, through references.
  void Assign(std::string_view name, std::optional<std::string_view> subscript, std::string value, bool append);
  // The same with `name` or `name[subscript]` in one text. False if it is none.
  bool AssignTo(std::string_view reference, std::string value, bool append);
  // name=(elements)
  void AssignElements(std::string_view name, const SyntaxWord* elements, bool append);
  // unset name, unset 'name[subscript]'
  void UnsetReference(std::string_view reference);
  // The variable that `name` stands for; empty if that is not known.
  std::string ResolvedName(std::string_view name) const;

 private:
  struct Value {
    bool is_set = true;
    bool is_list = false;    // $@ and ${array[@]}
    bool is_star = false;    // $*: one field if quoted
    bool any_count = false;  // a list of which it is not known how many elements it has, behind those in `list`
    PrintedWords words = PrintedWords::kAny;
    std::string text = {};
    std::vector<std::string> list = {};
  };
  static bool IsSetByShell(std::string_view name);
  static Value UnknownValue(PrintedWords words = PrintedWords::kAny);
  static Value UnknownList(bool is_star);
  static Value Text(std::string text, PrintedWords words = PrintedWords::kAny);

  // expansion.cpp
  void ExpandParts(const Part* parts, bool splits_literals, FieldBuilder* builder);
  void ExpandEach(const Part* parts, FieldBuilder* builder);  // without tildes
  void ExpandPart(const Part& part, bool splits_literals, FieldBuilder* builder);
  void Append(const Value& value, bool quoted, FieldBuilder* builder);
  std::string JoinedList(const Value& value) const;
  std::string ArithmeticText(const Part* parts);
  std::string WithTildes(std::string_view text, bool at_start, bool assignment, bool ends_word) const;
  std::string TildeValue(std::string_view prefix) const;
  const ShellVariable* Separators() const { return state_->Find("IFS"); }

  // parameter_values.cpp
  void ExpandParameter(const Part& part, FieldBuilder* builder);
  bool ApplyDefault(const Part& part, const Value& value, FieldBuilder* builder);
  void AssignDefault(const Part& part, FieldBuilder* builder);
  Value Lookup(std::string_view name, const Part* index);
  Value LookupSpecial(std::string_view name);
  Value LookupVariable(std::string_view name);
  Value LookupElement(std::string_view name, std::string_view subscript);
  Value LookupList(const ShellVariable& variable, bool is_star) const;
  Value LookupReference(std::string_view text);
  Value LookupIndirect(const Part& part);
  Value Keys(const Part& part);
  Value LengthOf(const Part& part, const Value& value) const;
  std::optional<ShellVariable> Dynamic(std::string_view name) const;
  std::optional<std::int64_t> IndexOf(const ShellVariable& array, std::string_view subscript);

  // parameter_operations.cpp
  Value ApplyOperation(const Part& part, Value value);
  template <typename Function>
  Value ForEach(Value value, Function function);
  Value RemovePattern(const Part& part, Value value);
  Value Replace(const Part& part, Value value);
  Value ChangeCase(const Part& part, Value value);
  Value Slice(const Part& part, Value value);
  Value SliceList(const Part& part, Value value, std::int64_t from, std::optional<std::int64_t> length);
  Value Transform(const Part& part, Value value);
  Value Declaration(const Part& part, const Value& value);
  std::optional<Pattern> PatternOf(const std::string& text, bool ignore_case);
  std::string Attributes(std::string_view name);

  // variable_assignment.cpp
  std::string ReadOperand(std::string_view name, std::optional<std::string_view> subscript) override;
  void WriteOperand(std::string_view name, std::optional<std::string_view> subscript,
                    std::optional<std::int64_t> value) override;
  std::string WithAttributes(const ShellVariable& variable, std::string_view old, std::string value, bool append);
  void AssignElement(ShellVariable* array, std::string_view subscript, std::string value, bool append);
  bool AssignSpecial(std::string_view name, std::optional<std::string_view> subscript, const std::string& value);
  void AppendElements(const SyntaxWord* elements, ShellVariable* array);
  bool BraceExpands(const SyntaxWord& word) const;

  ShellState* state_;
  CommandRunner* runner_;
  Arena* arena_;
  int expanding_again_ = 0;
};

// `name` and, if there is one, the subscript of `name[subscript]`; the name is empty if `text` is neither.
std::pair<std::string_view, std::optional<std::string_view>> SplitReference(std::string_view text);

// Which of bash's own variables give what they want, whatever is assigned to them.
bool IsDynamicVariable(std::string_view name);

}  // namespace safe_docker::shell
