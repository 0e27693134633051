// The syntax tree of a bash text. Nodes live in an Arena, texts are views of the parsed text (or of the arena), so that
// every node knows its place: `written` is what stands in the text. Lists are linked by `next`. Accepted is what bash
// 5.2 accepts without POSIX mode, with bash 5.3's ${ command; } and ${| command; }; POSIX sh texts are a subset but for
// "function", "select", "time", "[[", "coproc", "((", "<(", "&>" and "|&", which are taken as bash takes them. Aliases
// and history expansion are left alone.
#pragma once

#include <cstdint>
#include <string_view>

namespace safe_docker::shell {

struct Assignment;
struct Command;
struct SyntaxWord;

struct Part;

// What a part expands, for those of its kind: most parts are plain texts, which are kept small.
struct Expansion {
  std::string_view operation;             // of a parameter: ":-", "#", "//", "@" ...; empty for a plain ${name}; "bad"
                                          // for bash's error
  const Part* index = nullptr;            // ${name[index]}
  const Part* argument = nullptr;         // the operation's word, pattern, offset or letter
  const Part* second_argument = nullptr;  // replacement of "/", length of ":"; null only if its separator is missing
  const Command* command = nullptr;
};

inline constexpr Expansion kNoExpansion;

// A piece of a word. Quotes are already off: `quoted` says that they were there, `quote` which ones.
struct Part {
  enum class Kind : std::uint8_t {
    kLiteral,
    kParameter,       // $name, ${name...}
    kCommand,         // $(...), `...`, ${ ...; }, ${| ...; }
    kArithmetic,      // $((...)), $[...]: `expansion->argument` holds what it expands
    kProcess,         // <(...), >(...): `expansion->operation` says which
    kArraySubscript,  // the [..] of name[..]=value and of [..]=value in an array: the same
  };
  enum class Quote : std::uint8_t { kNone, kBackslash, kSingle, kDouble, kAnsi, kLocale, kHereDocument };
  enum class Form : std::uint8_t { kPlain, kBackquote, kBrace, kBraceValue, kBracket };  // `...` ${ } ${| } $[ ]
  Kind kind = Kind::kLiteral;
  Quote quote = Quote::kNone;  // the innermost: of $x in "${y:-$x}" kDouble
  Form form = Form::kPlain;
  bool quoted = false;
  bool bare = false;         // $name without braces: brace expansion may make its name longer
  bool indirect = false;     // ${!name}; with operation "*" or "@" and no argument the names that begin so
  bool length = false;       // ${#name}
  bool in_group = false;     // of an extended pattern @(..) or a regular expression's (..), in its text
  std::string_view text;     // of a literal; of kCommand and kArithmetic what is written
  std::string_view written;  // without the quotes around it if it is one of several parts in them
  std::string_view name;     // of a parameter
  const Expansion* expansion = &kNoExpansion;
  Part* next = nullptr;
};

// A word as written, or an array literal's words if `elements` was given.
struct SyntaxWord {
  const Part* parts = nullptr;
  std::string_view written;
  bool has_brace = false;  // holds an unquoted '{': brace expansion may apply
  bool is_array = false;
  bool quoted = false;                   // something in it is quoted: it is never a keyword, an alias or nothing
  bool has_group = false;                // holds an extended pattern: ?( *( +( @( or !(
  const SyntaxWord* elements = nullptr;  // of name=(...)
  // What the word assigns, if it is [subscript]=value among `elements` (its name is empty then) or an argument of
  // declare, export, local, readonly and the like. Shares the word's parts.
  const Assignment* assignment = nullptr;
  SyntaxWord* next = nullptr;
};

// name=value, name+=value, name[subscript]=value or name=(elements), in front of a command.
struct Assignment {
  std::string_view name;
  std::string_view written;
  bool append = false;
  const Part* subscript = nullptr;
  const SyntaxWord* value = nullptr;
  Assignment* next = nullptr;
};

struct Redirection {
  enum class Kind : std::uint8_t { kInput, kOutput, kInputOutput, kHereDocument, kHereString, kDuplicate };
  Kind kind = Kind::kInput;
  int descriptor = 0;                     // -1 if a {variable} names it
  bool both = false;                      // &> and >&: standard output and standard error
  bool strip_tabs = false;                // <<-
  bool verbatim = false;                  // a here-document whose delimiter is quoted: nothing expands in it
  bool terminated = true;                 // false: a here-document that the end of the text ends
  std::string_view written;               // a here-document's without its body
  std::string_view operation;             // "<", ">|", "&>>" ...
  std::string_view variable;              // {variable}, without the braces
  std::string_view descriptor_written;    // "2", "{variable}" or nothing
  const SyntaxWord* target = nullptr;     // the body of a here-document
  const SyntaxWord* delimiter = nullptr;  // of a here-document, as written
  std::string_view terminator;            // the line that ends a here-document
  Redirection* next = nullptr;
};

struct CaseItem {
  enum class Terminator : std::uint8_t { kBreak, kFallThrough, kTestNext, kMissing };  // ;; ;& ;;& or none (the last)
  Terminator terminator = Terminator::kMissing;
  bool parenthesis = false;  // one stands in front of the patterns
  std::string_view written;
  const SyntaxWord* patterns = nullptr;
  const Command* body = nullptr;
  CaseItem* next = nullptr;
};

// What stands in [[ ]]. The words it tests are also in the command's `words`.
struct Condition {
  enum class Kind : std::uint8_t {
    kWord,    // left: true if it is not empty
    kUnary,   // operation left: -f file
    kBinary,  // left operation right: == != =~ < -eq ...
    kAnd,     // first: the members
    kOr,      // first: the members
    kNot,     // ! first
    kGroup,   // ( first )
  };
  Kind kind = Kind::kWord;
  std::string_view operation;
  std::string_view written;
  const SyntaxWord* left = nullptr;
  const SyntaxWord* right = nullptr;
  const Condition* first = nullptr;
  Condition* next = nullptr;
};

// What only some kinds of commands have.
struct Compound {
  std::string_view prefix;  // of a pipeline: "!" and "time" as they are written
  const CaseItem* items = nullptr;
  const Condition* condition = nullptr;
  const Command* third = nullptr;
};

inline constexpr Compound kNoCompound;

struct Command {
  enum class Kind : std::uint8_t {
    kSimple,
    kPipeline,       // first: the members, each with its connector; none if only "!" or "time" stands there
    kAndOr,          // first: the members, each with its connector
    kList,           // first: the members
    kGroup,          // { first; }
    kSubshell,       // ( first )
    kIf,             // first, second (then), compound->third (else; an "elif" is a kIf with `elif`)
    kLoop,           // while, and until if `until`: first, second (body)
    kFor,            // name, words (unless over "$@"), second (body); select if `select`
    kForArithmetic,  // words (three expressions, which may be empty), second (body)
    kCase,           // words (the subject), compound->items
    kCondition,      // [[ compound->condition ]]
    kArithmetic,     // (( words )): one, the expression
    kFunction,       // name, first (body, with its redirections)
    kCoproc,         // name (may be empty), first
  };
  enum class Connector : std::uint8_t { kNone, kAnd, kOr, kPipe, kPipeBoth };  // && || | |&
  Kind kind = Kind::kSimple;
  Connector connector = Connector::kNone;  // to the member before
  bool negated : 1 = false;                // an odd number of "!"
  bool background : 1 = false;
  bool over_list : 1 = false;  // kFor: "in" was given
  bool until : 1 = false;
  bool select : 1 = false;
  bool elif : 1 = false;
  bool timed : 1 = false;
  bool timed_posix : 1 = false;           // time -p
  bool brace_body : 1 = false;            // kFor, kForArithmetic: { } instead of do and done
  bool function_keyword : 1 = false;      // function name
  bool function_parentheses : 1 = false;  // name ()
  std::string_view written;
  std::string_view name;
  const Assignment* assignments = nullptr;
  const SyntaxWord* words = nullptr;
  const Redirection* redirections = nullptr;
  const Compound* compound = &kNoCompound;
  const Command* first = nullptr;
  const Command* second = nullptr;
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
