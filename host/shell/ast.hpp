// The syntax tree of a bash text. Nodes live in an Arena, texts are views of the parsed text (or of the arena), so that
// every node knows its place. Lists are linked by `next`.
#pragma once

#include <cstdint>
#include <string_view>

namespace safe_docker::shell {

struct Command;

// A piece of a word. Quotes are already off: `quoted` says that they were there.
struct Part {
  enum class Kind : std::uint8_t {
    kLiteral,
    kParameter,       // $name, ${name...}
    kCommand,         // $(...), `...`
    kArithmetic,      // $((...)): `argument` holds what it expands
    kProcess,         // <(...), >(...): `operation` says which
    kArraySubscript,  // the [..] of name[..]=value
  };
  Kind kind = Kind::kLiteral;
  bool quoted = false;
  bool bare = false;               // $name without braces: brace expansion may make its name longer
  bool indirect = false;           // ${!name}
  bool length = false;             // ${#name}
  std::string_view text;           // of a literal
  std::string_view name;           // of a parameter
  std::string_view operation;      // ":-", "#", "//", "@" ...; empty for a plain ${name}
  const Part* index = nullptr;     // ${name[index]}
  const Part* argument = nullptr;  // what follows the operation
  const Command* command = nullptr;
  Part* next = nullptr;
};

// A word as written, or an array literal's words if `elements` was given.
struct SyntaxWord {
  const Part* parts = nullptr;
  std::string_view written;
  bool has_brace = false;  // holds an unquoted '{': brace expansion may apply
  bool is_array = false;
  const SyntaxWord* elements = nullptr;  // of name=(...)
  SyntaxWord* next = nullptr;
};

// name=value, name+=value, name[subscript]=value or name=(elements), in front of a command.
struct Assignment {
  std::string_view name;
  bool append = false;
  const Part* subscript = nullptr;
  const SyntaxWord* value = nullptr;
  Assignment* next = nullptr;
};

struct Redirection {
  enum class Kind : std::uint8_t { kInput, kOutput, kInputOutput, kHereDocument, kHereString, kDuplicate };
  Kind kind = Kind::kInput;
  int descriptor = 0;                  // -1 if a {variable} names it
  bool both = false;                   // &> and >&: standard output and standard error
  bool appends = false;                // >> and &>>
  const SyntaxWord* target = nullptr;  // the body of a here-document
  Redirection* next = nullptr;
};

struct CaseItem {
  const SyntaxWord* patterns = nullptr;
  const Command* body = nullptr;
  CaseItem* next = nullptr;
};

struct Command {
  enum class Kind : std::uint8_t {
    kSimple,
    kPipeline,       // first: the members
    kAndOr,          // first: the members, each with its connector
    kList,           // first: the members
    kGroup,          // { first; }
    kSubshell,       // ( first )
    kIf,             // first, second (then), third (else)
    kLoop,           // while and until: first, second (body)
    kFor,            // name, words (unless over "$@"), second (body); select too
    kForArithmetic,  // words, second (body)
    kCase,           // words (the subject), items
    kCondition,      // [[ words ]]
    kArithmetic,     // (( words ))
    kFunction,       // name, first (body)
    kCoproc,         // first
  };
  enum class Connector : std::uint8_t { kNone, kAnd, kOr };
  Kind kind = Kind::kSimple;
  Connector connector = Connector::kNone;  // to the member before
  bool negated = false;
  bool background = false;
  bool over_list = false;     // kFor: "in" was given
  bool reads_errors = false;  // of a pipeline: what the member before prints as errors, too (|&)
  std::string_view written;
  std::string_view name;
  const Assignment* assignments = nullptr;
  const SyntaxWord* words = nullptr;
  const Redirection* redirections = nullptr;
  const CaseItem* items = nullptr;
  const Command* first = nullptr;
  const Command* second = nullptr;
  const Command* third = nullptr;
  Command* next = nullptr;
};

// A list under construction.
template <typename Node>
struct NodeList {
  Node* first = nullptr;
  Node* last = nullptr;
  void Add(Node* node) {
    (last == nullptr ? first : last->next) = node;
    last = node;
  }
};

}  // namespace safe_docker::shell
