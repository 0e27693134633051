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
#include "characters.hpp"

namespace safe_docker::shell {

inline constexpr int kDeepestNesting = 600;  // each construct of the grammar takes up to three

enum class Failure : std::uint8_t { kNone, kSyntax, kTooDeep };

// What bash would refuse, and where.
struct SyntaxError {
  std::size_t offset = 0;    // in the parsed text
  std::string_view token;    // what stands there; empty at the end of the text
  std::string_view message;  // "expected 'then'", "this quote is never closed"
};

// Code inside backquotes or a here-document that bash would refuse only when it gets there.
struct BrokenPart {
  std::string_view text;
  Failure failure;
};

enum class WordMode : std::uint8_t {
  kPlain,
  kAssignment,  // "name[...]" is taken as one piece, blanks and all
  kElement,     // of an array: so is "[...]" at its start
  kRegex,       // the right side of =~: parentheses and '|' belong to the word
};

class Lexer {
 public:
  Lexer(std::string_view text, Arena* arena, int depth);
  virtual ~Lexer() = default;

  Failure failure() const { return failure_; }
  const SyntaxError& error() const { return error_; }
  const std::vector<BrokenPart>& broken_parts() const { return broken_parts_; }
  bool has_late_body() const { return has_late_body_; }

 protected:
  // Commands up to `closing` (')' or '}'), which is consumed; up to the end of the text if it is NUL.
  virtual const Command* ParseNested(char closing) = 0;

  bool AtEnd() const { return position_ >= text_.size(); }
  char Peek(std::size_t ahead = 0) const { return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\n'; }
  bool AtContinuation() const { return Peek() == '\\' && position_ + 1 < text_.size() && Peek(1) == '\n'; }
  // How many characters `what` takes at the position, where lines may be continued inside; 0 if it is not there.
  std::size_t Match(std::string_view what) const {
    const char c = Peek();
    return c == what.front() || c == '\\' ? MatchAll(what) : 0;
  }
  bool LooksAt(std::string_view what) const { return Match(what) != 0; }
  bool Take(std::string_view what);
  void SkipBlanks();  // and comments and continued lines
  void SkipContinuations();
  bool TakeNewline();  // reads the here-documents that wait for it
  void Fail(std::string_view message);
  void FailAt(std::size_t offset, std::string_view message);
  void FailTooDeep();
  // Says what the end of the text, if that was the failure, leaves open.
  void ExplainFailure(std::size_t offset, std::string_view message);
  bool in_substitution() const { return end_token_ == ')'; }
  bool failed() const { return failure_ != Failure::kNone; }
  std::string_view WrittenSince(std::size_t begin) const;

  // Null if no word stands at the position.
  SyntaxWord* ReadWord(WordMode mode);
  void ReadRestOfWord(SyntaxWord* word, std::size_t begin, WordMode mode);
  // `redirection` gets its target when the line that it stands on has ended.
  void AddHereDocument(Redirection* redirection);
  // The inside of ((...)), whose opening parentheses were just read, up to and with the closing ones. False if a single
  // one closes it, which makes it two subshells: the position is behind the first parenthesis then, and that of the
  // single one in `lonely`.
  bool ReadArithmetic(const Part** parts, std::string_view* inner, std::size_t* lonely);
  // What expands in `inner`, a piece of an arithmetic expression.
  const Part* ReadArithmeticPiece(std::string_view inner) { return ReadInner(inner, Part::Quote::kDouble); }

  class Nesting {
   public:
    explicit Nesting(Lexer* lexer) : lexer_(lexer) {
      if (++lexer_->depth_ > kDeepestNesting) {
        lexer_->FailTooDeep();
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
  using Quote = Part::Quote;
  struct HereDocument {
    Redirection* redirection = nullptr;
    std::string_view delimiter;
    HereDocument* next = nullptr;
  };
  // Reads `text` until it goes, then goes on behind the place in the outer one.
  class InnerText {
   public:
    InnerText(Lexer* lexer, std::string_view text);
    ~InnerText();
    InnerText(const InnerText&) = delete;
    InnerText& operator=(const InnerText&) = delete;

   private:
    Lexer* lexer_;
    std::string_view outer_;
    std::size_t position_;
    char end_token_;
    NodeList<HereDocument> waiting_;
  };
  // What separates the two operands of ${name/pattern/replacement} and ${name:offset:length}.
  struct Separator {
    char character = '\0';
    int open = 0;            // parentheses
    int questions = 0;       // "?" whose ":" is still to come
    bool not_first = false;  // as the first character it belongs to the operand
    bool Separates(char c);
  };

  std::size_t MatchAll(std::string_view what) const;
  Part* AddPart(Parts* parts, Part::Kind kind, Quote quote);
  Expansion* AddExpansion(Part* part);
  void AddLiteral(Parts* parts, std::string_view text, Quote quote, std::string_view written);
  void AddWritten(Parts* parts, std::size_t begin, Quote quote);
  void MergeLiterals(Parts* parts);
  std::string_view ReadName();
  void ReadSubscriptPart(Parts* parts);
  bool BeginsSubscript(const Parts& parts, std::size_t begin, WordMode mode) const;
  bool ReadSpecial(Parts* parts, std::size_t begin, WordMode mode);
  void ReadGroup(Parts* parts);
  void ReadQuoteOrBackslash(Parts* parts);
  void ReadBackslash(Parts* parts);
  void ReadSingleQuoted(Parts* parts);
  void ReadAnsiQuoted(Parts* parts);
  std::size_t DecodeAnsiEscape(std::size_t at, std::string* out) const;
  void ReadDoubleQuoted(Parts* parts, Quote quote);
  void ReadQuotedUntil(Parts* parts, char closing, Quote quote);

  // substitution.cpp, parameter.cpp
  void ReadDollar(Parts* parts, Quote quote);
  void ReadParenthesized(Part* part);
  void ReadBackquoted(Parts* parts, Quote quote);
  std::string_view TakeBackquoted(Quote quote);
  void ReadProcessSubstitution(Parts* parts);
  const Command* ReadCommands(char closing);
  void CheckPairs(std::size_t begin, std::size_t inside);
  bool ReadArithmeticUntilEnd(Parts* parts);
  void ReadBraced(Parts* parts, Quote quote);
  void ReadBracedCommand(Part* part, Expansion* expansion);
  void ReadBracedName(Part* part);
  void ReadOperation(const Part& part, Expansion* expansion, Quote quote);
  bool ReadOperand(Parts* parts, Separator* separator, Quote quote, bool is_pattern);
  void ReadOperandPiece(Parts* parts, Quote quote, bool is_pattern);
  const Part* ReadSubscript(bool quoted);
  void ReadPairedQuote(Parts* parts, Quote quote);
  void ReadPairedAnsiQuote(Parts* parts, Quote quote);

  // here_document.cpp
  std::string_view DelimiterOf(const SyntaxWord& word);
  void ReadHereDocuments();
  bool ReadHereDocumentLine(const HereDocument& document);
  std::string_view ReadHereDocumentBody(const HereDocument& document);
  static std::string WithoutContinuations(std::string_view body);
  SyntaxWord* HereDocumentWord(const HereDocument& document, std::string_view body);
  const Part* ReadInner(std::string_view text, Quote quote);
  void NoteBroken(std::string_view text, std::size_t position);
  bool Charge(std::size_t bytes);

  int depth_;
  int inner_texts_ = 0;             // how many texts inside of others are being read
  std::size_t outer_position_ = 0;  // where the outermost of them stands
  char end_token_ = '\0';           // what ends the command substitution that is being read
  std::size_t read_budget_;         // bytes that may be read once more, as inner texts or after looking ahead
  std::string_view original_;
  Failure failure_ = Failure::kNone;
  SyntaxError error_;
  NodeList<HereDocument> waiting_;
  bool has_late_body_ = false;
  std::vector<BrokenPart> broken_parts_;
};

}  // namespace safe_docker::shell
