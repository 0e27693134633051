// Words of the syntax tree to fields: tilde, parameters, substitutions, splitting and quote removal as bash does them,
// with an unknown part wherever a value cannot be told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arena.hpp"
#include "ast.hpp"
#include "output.hpp"
#include "state.hpp"

namespace safe_docker::shell {

struct Field {
  std::string text;
  bool may_split = false;
  std::vector<std::uint32_t> globs;  // where unquoted glob characters stand in `text`
};

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

 protected:
  ~CommandRunner() = default;
};

class Expander {
 public:
  Expander(ShellState* state, CommandRunner* runner, Arena* arena) : state_(state), runner_(runner), arena_(arena) {}

  // Appends the fields of `word`. `declaration`: NAME=value words are not split.
  void Expand(const SyntaxWord& word, bool declaration, std::vector<Field>* fields);
  // One field, without splitting: assignments, redirections, here-documents, case words.
  Field ExpandToOne(const Part* parts, bool assignment);

 private:
  enum class Splitting : std::uint8_t { kSplit, kNone };
  struct Value {
    bool is_set = false;
    bool is_list = false;  // $@ and ${array[@]}
    PrintedWords words = PrintedWords::kAny;
    std::string text;
    std::vector<std::string> list;
    bool is_star = false;  // $*: one field if quoted
  };
  class Builder;

  void ExpandParts(const Part* parts, Builder* builder);
  void ExpandPart(const Part& part, Builder* builder);
  void ExpandParameter(const Part& part, Builder* builder);
  void Append(const Value& value, bool quoted, Builder* builder);
  Value Lookup(std::string_view name, const Part* index);
  Value LookupSpecial(std::string_view name);
  Value ApplyOperation(const Part& part, Value value);
  bool ApplyDefault(const Part& part, const Value& value, Builder* builder);
  std::string WithTildes(std::string_view text, bool at_start, bool assignment, bool ends_word);
  std::string TildeValue(std::string_view prefix) const;

  ShellState* state_;
  CommandRunner* runner_;
  Arena* arena_;
};

}  // namespace safe_docker::shell
