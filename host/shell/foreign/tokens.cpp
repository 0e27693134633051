#include "tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "string_literals.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostTokens = 100'000;
constexpr auto kNpos = std::string_view::npos;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Names behind which a value is expected, so that a '/' opens a regular expression.
constexpr std::array<std::string_view, 19> kBeforeValue = {
    "return", "typeof", "case", "in",    "if",    "and",   "or",   "not",  "split", "grep",
    "when",   "unless", "else", "elsif", "while", "until", "then", "puts", "print"};

class Tokenizer {
 public:
  Tokenizer(std::string_view text, const Syntax& syntax) : text_(text), syntax_(syntax) {}

  Tokens Run();

 private:
  struct HereDocument {
    std::size_t token;
    std::string delimiter;
    bool plain;
    bool indented;
  };

  char Peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool StartsWith(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  Token& Add(Token::Kind kind, std::size_t begin);
  void AddString(Token::Kind kind, std::size_t begin, const StringStyle& style);
  bool SkipComment();
  bool ReadNewline();
  void SkipDocumentation();
  bool ReadLongBracket();
  bool ReadQuoted();
  void ReadTriple(const StringStyle& style, std::size_t begin);
  bool ReadPrefixed();
  bool ReadHereDocument();
  void ReadBodies();
  bool ReadQuoteOperator();
  bool ReadPercentLiteral();
  bool ReadPattern();
  bool ReadName();
  void ReadDelimited(Token::Kind kind, std::size_t begin, bool plain);
  void SkipDelimited(char close);
  bool ExpectsValue() const;
  StringStyle StyleOf(char quote) const;

  std::string_view text_;
  const Syntax& syntax_;
  std::size_t at_ = 0;
  Tokens result_;
  std::vector<HereDocument> waiting_;
};

Token& Tokenizer::Add(Token::Kind kind, std::size_t begin) {
  Token& token = result_.tokens.emplace_back();
  token.kind = kind;
  token.begin = begin;
  return token;
}

void Tokenizer::AddString(Token::Kind kind, std::size_t begin, const StringStyle& style) {
  StringLiteral literal = ReadStringLiteral(text_, at_, style);
  at_ = literal.end;
  result_.broken = result_.broken || !literal.closed;
  Add(kind, begin).pieces = std::move(literal.pieces);
}

StringStyle Tokenizer::StyleOf(char quote) const {
  StringStyle style;
  style.close = std::string(1, quote);
  style.plain = syntax_.plain_quotes.find(quote) != kNpos;
  style.hole = style.plain ? std::string_view() : syntax_.hole;
  style.sigil_holes = syntax_.sigil_holes && !style.plain;
  return style;
}

bool Tokenizer::SkipComment() {
  std::string_view openers = syntax_.line_comments;
  while (!openers.empty()) {
    const std::size_t blank = std::min(openers.find(' '), openers.size());
    const std::string_view opener = openers.substr(0, blank);
    openers.remove_prefix(std::min(blank + 1, openers.size()));
    if (!opener.empty() && StartsWith(opener)) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    }
  }
  const std::size_t blank = syntax_.block_comment.find(' ');
  if (blank != kNpos && StartsWith(syntax_.block_comment.substr(0, blank))) {
    const std::string_view close = syntax_.block_comment.substr(blank + 1);
    const std::size_t end = text_.find(close, at_ + blank);
    result_.broken = result_.broken || end == kNpos;
    at_ = end == kNpos ? text_.size() : end + close.size();
    return true;
  }
  return false;
}

bool Tokenizer::ReadNewline() {
  if (Peek() == '\\' && Peek(1) == '\n') {
    at_ += 2;
    return true;
  }
  if (Peek() != '\n') {
    return false;
  }
  Add(Token::Kind::kNewline, at_++);
  ReadBodies();
  SkipDocumentation();
  return true;
}

// Perl's documentation and Ruby's comments of several lines, which start and end at the start of a line.
void Tokenizer::SkipDocumentation() {
  const bool documents = (syntax_.quote_operators || syntax_.percent_literals) && Peek() == '=' && IsLetter(Peek(1));
  if (documents) {
    const std::size_t end = text_.find(syntax_.quote_operators ? "\n=cut" : "\n=end", at_);
    at_ = end == kNpos ? text_.size() : std::min(text_.find('\n', end + 1), text_.size());
  }
}

bool Tokenizer::ReadLongBracket() {
  if (!syntax_.long_brackets || !StartsWith("[[")) {
    return false;
  }
  const std::size_t begin = at_;
  at_ += 2;
  AddString(Token::Kind::kString, begin, {"]]", true, false, {}, false, false});
  return true;
}

void Tokenizer::ReadTriple(const StringStyle& style, std::size_t begin) {
  StringStyle triple = style;
  triple.close = std::string(3, style.close[0]);
  at_ += 3;
  AddString(Token::Kind::kString, begin, triple);
}

bool Tokenizer::ReadQuoted() {
  const char c = Peek();
  if (c == '\0') {
    return false;
  }
  const std::size_t begin = at_;
  StringStyle style = StyleOf(c);
  if (c == syntax_.template_quote || c == syntax_.command_quote) {
    ++at_;
    AddString(c == syntax_.command_quote ? Token::Kind::kCommand : Token::Kind::kString, begin, style);
    return true;
  }
  if (syntax_.quotes.find(c) == kNpos) {
    return false;
  }
  style.hole = c == syntax_.template_quote || syntax_.template_quote == '\0' ? style.hole : std::string_view();
  if (syntax_.triple_quotes && Peek(1) == c && Peek(2) == c) {
    ReadTriple(style, begin);
    return true;
  }
  ++at_;
  AddString(Token::Kind::kString, begin, style);
  return true;
}

// f"", rb'' and their like.
bool Tokenizer::ReadPrefixed() {
  std::size_t size = 0;
  constexpr std::string_view kLetters = "rRbBuUfFtT";
  while (size < 3 && kLetters.find(Peek(size)) != kNpos && Peek(size) != '\0') {
    ++size;
  }
  const char quote = Peek(size);
  if (!syntax_.string_prefixes || size == 0 || size > 2 || (quote != '"' && quote != '\'')) {
    return false;
  }
  const std::string_view prefix = text_.substr(at_, size);
  const std::size_t begin = at_;
  StringStyle style;
  style.close = std::string(1, quote);
  style.raw = prefix.find_first_of("rR") != kNpos;
  style.brace_holes = prefix.find_first_of("fFtT") != kNpos;
  at_ += size;
  if (Peek(1) == quote && Peek(2) == quote) {
    ReadTriple(style, begin);
  } else {
    ++at_;
    AddString(Token::Kind::kString, begin, style);
  }
  return true;
}

bool Tokenizer::ReadHereDocument() {
  if (!syntax_.here_documents || !StartsWith("<<")) {
    return false;
  }
  std::size_t i = at_ + (syntax_.embedded ? 3 : 2);
  const bool indented = i < text_.size() && (text_[i] == '~' || text_[i] == '-');
  i += indented ? 1 : 0;
  while (syntax_.embedded && i < text_.size() && text_[i] == ' ') {
    ++i;
  }
  const char quote = i < text_.size() && (text_[i] == '"' || text_[i] == '\'' || text_[i] == '`') ? text_[i] : '\0';
  i += quote == '\0' ? 0 : 1;
  std::size_t end = i;
  while (end < text_.size() && (IsLetter(text_[end]) || IsDigit(text_[end]))) {
    ++end;
  }
  const bool names = end > i && (quote != '\0' || (text_[i] >= 'A' && text_[i] <= 'Z') || indented);
  if (!names || (quote != '\0' && (end >= text_.size() || text_[end] != quote)) || IsDigit(text_[i])) {
    return false;
  }
  const std::string delimiter(text_.substr(i, end - i));
  Add(quote == '`' ? Token::Kind::kCommand : Token::Kind::kString, at_);
  waiting_.push_back({result_.tokens.size() - 1, delimiter, quote == '\'', indented || syntax_.embedded});
  at_ = end + (quote == '\0' ? 0 : 1);
  return true;
}

void Tokenizer::ReadBodies() {
  for (const HereDocument& document : std::exchange(waiting_, {})) {
    std::string body;
    bool closed = false;
    while (at_ < text_.size() && !closed) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      std::string_view bare = line;
      bare.remove_prefix(document.indented ? std::min(line.find_first_not_of(" \t"), line.size()) : 0);
      closed = bare == document.delimiter || bare == document.delimiter + ";";
      if (!closed) {
        body.append(line).append("\n");
      }
    }
    result_.broken = result_.broken || !closed;
    StringStyle style = StyleOf('"');
    style.plain = style.plain || document.plain;
    style.hole = document.plain ? std::string_view() : style.hole;
    style.sigil_holes = style.sigil_holes && !document.plain;
    style.close.clear();
    result_.tokens[document.token].pieces = ReadStringLiteral(body, 0, style).pieces;
  }
}

// Behind an operator: the text up to the delimiter that belongs to the one at the position.
void Tokenizer::ReadDelimited(Token::Kind kind, std::size_t begin, bool plain) {
  const char open = Peek();
  StringStyle style = StyleOf('"');
  style.plain = plain;
  style.hole = plain ? std::string_view() : style.hole;
  style.sigil_holes = style.sigil_holes && !plain;
  style.close = std::string(1, ClosingOf(open));
  style.open = ClosingOf(open) == open ? '\0' : open;
  ++at_;
  AddString(kind, begin, style);
  if (kind == Token::Kind::kWords) {
    Token& token = result_.tokens.back();
    token.pieces = SplitPieces(token.pieces);
  }
}

// The second part of s{}{} and tr///.
void Tokenizer::SkipDelimited(char close) {
  StringStyle style;
  style.plain = true;
  style.close = std::string(1, close);
  at_ = ReadStringLiteral(text_, at_, style).end;
}

bool Tokenizer::ReadQuoteOperator() {
  constexpr std::array<std::string_view, 9> kOperators = {"qq", "qw", "qx", "qr", "tr", "q", "m", "s", "y"};
  const bool after_arrow = !result_.tokens.empty() && (result_.tokens.back().Is("{") || result_.tokens.back().Is(">"));
  for (const std::string_view each : kOperators) {
    std::size_t i = at_ + each.size();
    if (!syntax_.quote_operators || !StartsWith(each)) {
      continue;
    }
    const bool blank = i < text_.size() && (text_[i] == ' ' || text_[i] == '\n');
    while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\n')) {
      ++i;
    }
    const char open = i < text_.size() ? text_[i] : '\0';
    const bool delimits = open != '\0' && !IsLetter(open) && !IsDigit(open) && !(blank && open == '#') && open != ',' &&
                          open != ';' && open != ')' && !(open == '=' && (blank || text_.substr(i).starts_with("=>")));
    if (!delimits || (after_arrow && open == '}')) {
      return false;
    }
    const std::size_t begin = at_;
    at_ = i;
    const bool is_word = each == "qw";
    const bool is_pattern = each == "qr" || each == "m" || each == "s" || each == "tr" || each == "y";
    const auto kind = each == "qx" ? Token::Kind::kCommand
                      : is_word    ? Token::Kind::kWords
                      : is_pattern ? Token::Kind::kPattern
                                   : Token::Kind::kString;
    ReadDelimited(kind, begin, each == "q" || is_word || is_pattern || open == '\'');
    if (each == "s" || each == "tr" || each == "y") {
      if (ClosingOf(open) != open) {
        at_ = std::min(text_.find(open, at_), text_.size() - 1) + 1;
      }
      SkipDelimited(ClosingOf(open));
    }
    return true;
  }
  return false;
}

bool Tokenizer::ReadPercentLiteral() {
  if (!syntax_.percent_literals || Peek() != '%' || !ExpectsValue()) {
    return false;
  }
  constexpr std::string_view kTypes = "qQwWixrsI";
  const bool typed = kTypes.find(Peek(1)) != kNpos && Peek(1) != '\0';
  const char type = typed ? Peek(1) : 'Q';
  const char open = Peek(typed ? 2 : 1);
  constexpr std::string_view kOpeners = "([{<|!/-";
  if (open == '\0' || kOpeners.find(open) == kNpos) {
    return false;
  }
  const std::size_t begin = at_;
  at_ += typed ? 2 : 1;
  const bool is_words = type == 'w' || type == 'W' || type == 'i' || type == 'I';
  const auto kind = type == 'x'   ? Token::Kind::kCommand
                    : is_words    ? Token::Kind::kWords
                    : type == 'r' ? Token::Kind::kPattern
                                  : Token::Kind::kString;
  ReadDelimited(kind, begin, type == 'q' || type == 'w' || type == 'i' || type == 's');
  return true;
}

// Whether what comes next starts a value: an operator would be a division.
bool Tokenizer::ExpectsValue() const {
  if (result_.tokens.empty()) {
    return true;
  }
  const Token& last = result_.tokens.back();
  switch (last.kind) {
    case Token::Kind::kName:
      return std::find(kBeforeValue.begin(), kBeforeValue.end(), last.text) != kBeforeValue.end() ||
             (syntax_.percent_literals && text_[at_ - 1] == ' ' && Peek(1) != ' ');
    case Token::Kind::kSymbol:
      return last.text != ")" && last.text != "]" && last.text != "}";
    case Token::Kind::kNewline:
      return true;
    default:
      return false;
  }
}

bool Tokenizer::ReadPattern() {
  if (!syntax_.regular_expressions || Peek() != '/' || !ExpectsValue()) {
    return false;
  }
  bool in_class = false;
  std::size_t i = at_ + 1;
  for (; i < text_.size() && text_[i] != '\n' && (in_class || text_[i] != '/'); ++i) {
    in_class = text_[i] == '[' || (in_class && text_[i] != ']');
    i += text_[i] == '\\' ? 1 : 0;
  }
  if (i >= text_.size() || text_[i] != '/') {
    return false;
  }
  Add(Token::Kind::kPattern, at_).pieces = {{std::string(text_.substr(at_ + 1, i - at_ - 1)), false}};
  at_ = i + 1;
  while (IsLetter(Peek())) {
    ++at_;
  }
  return true;
}

bool Tokenizer::ReadName() {
  const std::size_t begin = at_;
  const bool sigil = syntax_.sigils.find(Peek()) != kNpos && Peek() != '\0' && (IsLetter(Peek(1)) || Peek(1) == '{');
  if (sigil && Peek(1) == '{') {
    at_ += 1;  // ${name}, @{$list}: the name follows
    return true;
  }
  // The whole name of zx's and Bun's $`...`.
  const bool dollar = Peek() == '$' && syntax_.template_quote != '\0';
  std::size_t end = at_ + (sigil || dollar ? 1 : 0);
  const bool is_number = end < text_.size() && IsDigit(text_[end]);
  const auto continues = [is_number](char c) { return IsLetter(c) || IsDigit(c) || (c == '.' && is_number); };
  while (end < text_.size() && continues(text_[end]) && !(text_[end] == '.' && text_.substr(end).starts_with(".."))) {
    ++end;
  }
  if (end == begin) {
    return false;
  }
  Add(is_number ? Token::Kind::kNumber : Token::Kind::kName, begin).text = text_.substr(begin, end - begin);
  at_ = end;
  return true;
}

Tokens Tokenizer::Run() {
  if (syntax_.embedded && text_.find("<?php") != kNpos) {
    at_ = text_.find("<?php") + 5;
  }
  if (StartsWith("#!")) {
    at_ = std::min(text_.find('\n'), text_.size());
  }
  SkipDocumentation();
  constexpr std::string_view kBlanks = " \t\r\f\v";
  while (at_ < text_.size() && result_.tokens.size() < kMostTokens) {
    if (syntax_.quote_operators && (StartsWith("\n__END__") || StartsWith("\n__DATA__"))) {
      break;
    }
    if (syntax_.sigils.find('$') != kNpos && syntax_.quote_operators && StartsWith("$#")) {
      at_ += 2;
      continue;
    }
    if (kBlanks.find(text_[at_]) != kNpos) {
      ++at_;
      continue;
    }
    if (ReadNewline() || ReadLongBracket() || SkipComment() || ReadPrefixed() || ReadHereDocument() ||
        ReadQuoteOperator() || ReadPercentLiteral() || ReadQuoted() || ReadPattern() || ReadName()) {
      continue;
    }
    Add(Token::Kind::kSymbol, at_).text = std::string(1, text_[at_]);
    ++at_;
  }
  result_.broken = result_.broken || result_.tokens.size() >= kMostTokens || !waiting_.empty();
  return std::move(result_);
}

}  // namespace

Tokens Tokenize(std::string_view text, const Syntax& syntax) { return Tokenizer(text, syntax).Run(); }

}  // namespace safe_docker::shell
