// Reads words, quotes, expansions and here-documents of a bash text, in one pass and with bounded depth. The commands
// inside $(...) and `...` are the parser's, which is why it derives from this. After a failure the position is at the
// end, so that every loop comes to its own end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "arena.hpp"
#include "ast.hpp"

namespace safe_docker::shell {

inline constexpr int kDeepestNesting = 600;  // each construct of the grammar takes up to three

enum class Failure : std::uint8_t { kNone, kSyntax, kTooDeep };

// Code inside backquotes or a here-document that bash would refuse only when it gets there.
struct BrokenPart {
  std::string_view text;
  Failure failure;
};

enum class WordMode : std::uint8_t {
  kPlain,
  kAssignment,  // "name[...]" is taken as one piece, blanks and all
  kRegex,       // the right side of =~: parentheses and '|' belong to the word
};

class Lexer {
 public:
  Lexer(std::string_view text, Arena* arena, int depth);
  virtual ~Lexer() = default;

  Failure failure() const { return failure_; }
  const std::vector<BrokenPart>& broken_parts() const { return broken_parts_; }

 protected:
  // Commands up to `closing` (')' or '}'), which is consumed; up to the end of the text if it is NUL.
  virtual const Command* ParseNested(char closing) = 0;

  bool AtEnd() const { return position_ >= text_.size(); }
  char Peek(std::size_t ahead = 0) const { return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\n'; }
  bool LooksAt(std::string_view what) const { return !AtEnd() && text_.substr(position_).starts_with(what); }
  bool Take(std::string_view what);
  void SkipBlanks();  // and comments and continued lines
  void SkipContinuations();
  bool TakeNewline();  // reads the here-documents that wait for it
  void Fail(Failure failure);
  bool failed() const { return failure_ != Failure::kNone; }
  std::string_view WrittenSince(std::size_t begin) const;

  SyntaxWord* ReadWord(WordMode mode);
  void AddHereDocument(Redirection* redirection, const SyntaxWord* delimiter, bool strip_tabs);
  // The inside of ((...)), whose opening parentheses were just read; nullopt-like false if it is none.
  bool ReadArithmetic(const Part** parts);
  // An unquoted name or number at the position, continued lines taken out.
  std::string_view ReadName();

  class Nesting {
   public:
    explicit Nesting(Lexer* lexer) : lexer_(lexer) {
      if (++lexer_->depth_ > kDeepestNesting) {
        lexer_->Fail(Failure::kTooDeep);
      }
    }
    ~Nesting() { --lexer_->depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Lexer* lexer_;
  };

  std::string_view text_;
  std::size_t position_ = 0;
  Arena* arena_;

 private:
  using Parts = NodeList<Part>;
  struct HereDocument {
    Redirection* redirection;
    std::string delimiter;
    bool quoted;
    bool strip_tabs;
  };
  enum class Quoting : std::uint8_t { kNone, kDouble, kHereDocument };

  void AddLiteral(Parts* parts, std::string_view text, bool quoted);
  void ReadSingleQuoted(Parts* parts);
  void ReadAnsiQuoted(Parts* parts);
  std::size_t DecodeAnsiEscape(std::size_t at, std::string* out) const;
  void ReadDoubleQuoted(Parts* parts);
  void ReadQuotedUntil(Parts* parts, char closing, Quoting quoting);
  void ReadQuoteOrBackslash(Parts* parts);
  void ReadDollar(Parts* parts, Quoting quoting);
  void ReadBraced(Parts* parts, Quoting quoting);
  void ReadBracedName(Part* part);
  void ReadOperation(Part* part, Quoting quoting);
  const Part* ReadOperand(Quoting quoting, bool single_quotes_quote);
  void ReadBackquoted(Parts* parts, Quoting quoting);
  void ReadProcessSubstitution(Parts* parts);
  void ReadGroup(Parts* parts);
  const Part* ReadSubscript(bool quoted);
  std::size_t FindArithmeticEnd();
  const Part* ReadInner(std::string_view inner, Quoting quoting);
  void ReadHereDocuments();
  std::string_view ReadHereDocumentBody(const HereDocument& document);
  SyntaxWord* HereDocumentWord(const HereDocument& document, std::string_view body);
  static void MergeLiterals(Parts* parts, Arena* arena);

  int depth_;
  std::size_t scan_budget_;  // bytes that looking ahead for "))" may cost in all
  Failure failure_ = Failure::kNone;
  std::vector<HereDocument> waiting_;
  std::vector<BrokenPart> broken_parts_;
};

// A blank or a character of an operator.
bool EndsWord(char c);
// A letter, digit or underscore.
bool IsNameCharacter(char c);
// Whether `text` is a variable's name.
bool IsName(std::string_view text);

}  // namespace safe_docker::shell
