// The part of the lexer that reads what starts with $, ` or <(.
#include <algorithm>
#include <array>
#include <string_view>

#include "lexer.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::string_view kSpecialParameters = "@*#?-$!";

constexpr std::array<std::string_view, 25> kOperations = {":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%",
                                                          "^^", ",,", "-",  "=",  "?",  "+",  "#",  "%",  "/",
                                                          "^",  ",",  "@",  ":",  "*",  "~~", "~"};

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void AppendUtf8(unsigned long code, std::string* out) {
  const auto append = [out](unsigned long byte) { out->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    append(code);
  } else if (code < 0x800) {
    append(0xC0 | code >> 6);
    append(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    append(0xE0 | code >> 12);
    append(0x80 | (code >> 6 & 0x3F));
    append(0x80 | (code & 0x3F));
  } else {
    append(0xF0 | (code >> 18 & 0x07));
    append(0x80 | (code >> 12 & 0x3F));
    append(0x80 | (code >> 6 & 0x3F));
    append(0x80 | (code & 0x3F));
  }
}

}  // namespace

// Decodes the escape after the backslash at `at - 1`; returns where the text goes on.
std::size_t Lexer::DecodeAnsiEscape(std::size_t at, std::string* out) const {
  constexpr std::string_view kLetters = "abeEfnrtv\\'\"?";
  constexpr std::string_view kMeanings = "\a\b\033\033\f\n\r\t\v\\'\"?";
  const char c = text_[at++];
  if (const std::size_t letter = kLetters.find(c); letter != std::string_view::npos) {
    out->push_back(kMeanings[letter]);
    return at;
  }
  unsigned long code = 0;
  std::size_t digits = 0;
  if (c >= '0' && c <= '7') {
    for (--at; digits < 3 && at < text_.size() && text_[at] >= '0' && text_[at] <= '7'; ++digits, ++at) {
      code = code * 8 + static_cast<unsigned long>(text_[at] - '0');
    }
    out->push_back(static_cast<char>(code));
    return at;
  }
  if (c == 'x' || c == 'u' || c == 'U') {
    const bool in_braces = c == 'x' && at < text_.size() && text_[at] == '{';
    at += in_braces ? 1 : 0;
    const std::size_t most = c == 'x' ? 2 : (c == 'u' ? 4 : 8);
    for (; (digits < most || in_braces) && at < text_.size() && HexDigit(text_[at]) >= 0; ++digits, ++at) {
      code = code * 16 + static_cast<unsigned long>(HexDigit(text_[at]));
    }
    at += in_braces && at < text_.size() && text_[at] == '}' ? 1 : 0;
    if (digits == 0) {
      out->append({'\\', c});
    } else if (c == 'x') {
      out->push_back(static_cast<char>(code));
    } else {
      AppendUtf8(code, out);
    }
    return at;
  }
  if (c == 'c' && at < text_.size()) {
    out->push_back(static_cast<char>(text_[at] & 0x1F));
    return at + 1;
  }
  out->append({'\\', c});
  return at;
}

// $'...', of which bash keeps what stands before the first NUL.
void Lexer::ReadAnsiQuoted(Parts* parts) {
  std::string decoded;
  ++position_;
  while (!AtEnd() && Peek() != '\'') {
    if (Peek() != '\\' || position_ + 1 >= text_.size()) {
      decoded.push_back(text_[position_++]);
    } else {
      position_ = DecodeAnsiEscape(position_ + 1, &decoded);
    }
  }
  if (AtEnd()) {
    Fail(Failure::kSyntax);
    return;
  }
  ++position_;
  decoded.resize(std::min(decoded.find('\0'), decoded.size()));
  AddLiteral(parts, arena_->Copy(decoded), true);
}

void Lexer::ReadDollar(Parts* parts, Quoting quoting) {
  const bool quoted = quoting != Quoting::kNone;
  const std::size_t begin = position_++;
  SkipContinuations();
  const char c = AtEnd() ? '\0' : Peek();
  if (!quoted && (c == '\'' || c == '"')) {
    c == '"' ? ReadDoubleQuoted(parts) : ReadAnsiQuoted(parts);
    return;
  }
  Part* part = arena_->New<Part>();
  part->quoted = quoted;
  if (c == '(' || c == '[') {
    const Nesting nesting(this);
    if (failed()) {
      return;
    }
    ++position_;
    part->kind = Part::Kind::kArithmetic;
    if (c == '[') {
      --position_;
      part->argument = ReadSubscript(quoted);
    } else if (Peek() != '(' || !(++position_, ReadArithmetic(&part->argument))) {
      part->kind = Part::Kind::kCommand;
      part->command = ParseNested(')');
    }
    part->text = WrittenSince(begin);
    parts->Add(part);
    return;
  }
  if (c == '{') {
    ReadBraced(parts, quoting);
    return;
  }
  part->kind = Part::Kind::kParameter;
  if (IsNameCharacter(c) && !(c >= '0' && c <= '9')) {
    part->bare = true;
    part->name = ReadName();
  } else if ((c >= '0' && c <= '9') || (c != '\0' && kSpecialParameters.find(c) != std::string_view::npos)) {
    part->name = text_.substr(position_++, 1);
  } else {
    AddLiteral(parts, "$", quoted);
    return;
  }
  parts->Add(part);
}

void Lexer::ReadBraced(Parts* parts, Quoting quoting) {
  const Nesting nesting(this);
  if (failed()) {
    return;
  }
  ++position_;
  SkipContinuations();
  Part* part = arena_->New<Part>();
  part->quoted = quoting != Quoting::kNone;
  if (!AtEnd() && (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '|')) {
    position_ += Peek() == '|' ? 1 : 0;
    part->kind = Part::Kind::kCommand;
    part->command = ParseNested('}');
    parts->Add(part);
    return;
  }
  part->kind = Part::Kind::kParameter;
  ReadBracedName(part);
  if (LooksAt("[") && !part->name.empty()) {
    part->index = ReadSubscript(true);
  }
  ReadOperation(part, quoting);
  parts->Add(part);
}

void Lexer::ReadBracedName(Part* part) {
  const auto is_special = [this](std::size_t ahead) {
    return kSpecialParameters.find(Peek(ahead)) != std::string_view::npos;
  };
  if (LooksAt("!") && (IsNameCharacter(Peek(1)) || (is_special(1) && Peek(2) == '}'))) {
    part->indirect = true;
    ++position_;
  } else if (LooksAt("#") && (IsNameCharacter(Peek(1)) || (is_special(1) && Peek(2) == '}'))) {
    part->length = true;
    ++position_;
  }
  if (!AtEnd() && is_special(0)) {
    part->name = text_.substr(position_++, 1);
  } else {
    part->name = ReadName();
  }
}

// The operation of ${name<operation>} with its operand, up to the closing brace.
void Lexer::ReadOperation(Part* part, Quoting quoting) {
  SkipContinuations();
  if (Take("}")) {
    return;
  }
  const auto operation =
      std::find_if(kOperations.begin(), kOperations.end(), [this](std::string_view each) { return LooksAt(each); });
  part->operation = "bad";
  if (operation != kOperations.end() && !part->name.empty()) {
    part->operation = *operation;
    position_ += operation->size();
  }
  const bool pattern = std::string_view("#%/^,").find(part->operation[0]) != std::string_view::npos;
  part->argument = ReadOperand(quoting, pattern);
}

const Part* Lexer::ReadOperand(Quoting quoting, bool single_quotes_quote) {
  Parts parts;
  const bool quoted = quoting != Quoting::kNone;
  std::size_t chunk = position_;
  const auto flush = [&] {
    if (position_ > chunk) {
      AddLiteral(&parts, WrittenSince(chunk), quoted);
    }
  };
  while (!AtEnd() && Peek() != '}') {
    const char c = Peek();
    if (c != '\'' && c != '"' && c != '\\' && c != '$' && c != '`' && c != '<' && c != '>') {
      ++position_;
      continue;
    }
    if ((c == '<' || c == '>') && (quoted || Peek(1) != '(')) {
      ++position_;
      continue;
    }
    if (c == '\'' && quoted && !single_quotes_quote) {
      // The quotes pair, and stay: "${x:-'}'}" is '}'.
      const std::size_t end = quoting == Quoting::kHereDocument ? position_ : text_.find('\'', position_ + 1);
      if (end == std::string_view::npos) {
        Fail(Failure::kSyntax);
        return nullptr;
      }
      position_ = end + 1;
      continue;
    }
    flush();
    if (c == '<' || c == '>') {
      ReadProcessSubstitution(&parts);
    } else if (c == '$') {
      ReadDollar(&parts, quoting);
    } else if (c == '`') {
      ReadBackquoted(&parts, quoting);
    } else if (c == '\\' && quoted && std::string_view("$`\"\\}\n").find(Peek(1)) == std::string_view::npos) {
      AddLiteral(&parts, "\\", true);
      ++position_;
    } else {
      ReadQuoteOrBackslash(&parts);
    }
    chunk = position_;
  }
  if (AtEnd()) {
    Fail(Failure::kSyntax);
    return nullptr;
  }
  flush();
  ++position_;
  return parts.first;
}

// [...] from its opening bracket; brackets and quotes inside pair.
const Part* Lexer::ReadSubscript(bool quoted) {
  Parts parts;
  int open = 1;
  std::size_t chunk = ++position_;
  while (!AtEnd()) {
    const char c = Peek();
    open += c == '[' ? 1 : (c == ']' ? -1 : 0);
    if (open == 0) {
      AddLiteral(&parts, WrittenSince(chunk), true);
      ++position_;
      return parts.first;
    }
    if (c == '\'' || c == '"' || c == '\\' || c == '$' || c == '`') {
      AddLiteral(&parts, WrittenSince(chunk), true);
      c == '$' && quoted ? ReadDollar(&parts, Quoting::kDouble) : ReadQuoteOrBackslash(&parts);
      chunk = position_;
    } else {
      ++position_;
    }
  }
  Fail(Failure::kSyntax);
  return nullptr;
}

// `...`: one level of backslashes goes before the inside is read as a text of its own.
void Lexer::ReadBackquoted(Parts* parts, Quoting quoting) {
  const Nesting nesting(this);
  if (failed()) {
    return;
  }
  const std::size_t begin = ++position_;
  std::string unescaped;
  bool escaped = false;
  while (!AtEnd() && Peek() != '`') {
    if (Peek() == '\\' && position_ + 1 < text_.size()) {
      const char next = Peek(1);
      if (next == '`' || next == '\\' || next == '$' || (next == '"' && quoting == Quoting::kDouble)) {
        ++position_;
        escaped = true;
      } else {
        unescaped.push_back('\\');
        ++position_;
      }
    }
    unescaped.push_back(text_[position_++]);
  }
  if (AtEnd()) {
    Fail(Failure::kSyntax);
    return;
  }
  const std::string_view inner = escaped ? arena_->Copy(unescaped) : WrittenSince(begin);
  const std::string_view outer = text_;
  const std::size_t after = position_ + 1;
  std::vector<HereDocument> waiting;
  waiting.swap(waiting_);
  text_ = inner;
  position_ = 0;
  Part* part = arena_->New<Part>();
  part->kind = Part::Kind::kCommand;
  part->quoted = quoting != Quoting::kNone;
  part->command = ParseNested('\0');
  waiting.swap(waiting_);
  text_ = outer;
  position_ = after;
  if (failure_ == Failure::kSyntax) {
    broken_parts_.push_back({inner, failure_});
    failure_ = Failure::kNone;
  } else if (failed()) {
    position_ = text_.size();
  }
  parts->Add(part);
}

void Lexer::ReadProcessSubstitution(Parts* parts) {
  const Nesting nesting(this);
  if (failed()) {
    return;
  }
  Part* part = arena_->New<Part>();
  part->kind = Part::Kind::kProcess;
  part->operation = text_.substr(position_, 1);
  position_ += 2;
  part->command = ParseNested(')');
  parts->Add(part);
}

// Where the "))" stands that ends the arithmetic at the position; npos if a single ')' ends it first, which makes it
// two subshells, or nothing does.
std::size_t Lexer::FindArithmeticEnd() {
  std::size_t open = 0;
  std::size_t at = position_;
  char quote = '\0';
  for (; at < text_.size(); ++at) {
    const char c = text_[at];
    if (c == '\\' && quote != '\'') {
      ++at;
    } else if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '(') {
      ++open;
    } else if (c == ')') {
      if (open == 0) {
        break;
      }
      --open;
    }
  }
  at = std::min(at, text_.size());
  const std::size_t cost = at - position_;
  if (cost > scan_budget_) {
    Fail(Failure::kTooDeep);
    return std::string_view::npos;
  }
  scan_budget_ -= cost;
  return at + 1 < text_.size() && text_[at + 1] == ')' ? at : std::string_view::npos;
}

bool Lexer::ReadArithmetic(const Part** parts) {
  const std::size_t end = FindArithmeticEnd();
  if (failed()) {
    return false;
  }
  if (end == std::string_view::npos) {
    --position_;  // back to the second parenthesis: it opens a subshell
    return false;
  }
  const std::string_view inner = text_.substr(position_, end - position_);
  position_ = end + 2;
  *parts = ReadInner(inner, Quoting::kDouble);
  return true;
}

}  // namespace safe_docker::shell
