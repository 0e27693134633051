// The part of the lexer that reads what starts with $, ` or <(, but for ${...}.
#include <algorithm>
#include <string_view>
#include <utility>

#include "lexer.hpp"

namespace safe_docker::shell {
namespace {

bool IsSpecialParameter(char c) { return c != '\0' && std::string_view("@*#?-$!").find(c) != std::string_view::npos; }

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

// Behind the quote that begins at `at`; the end of the text if it is never closed.
std::size_t SkipQuote(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool escapes = quote != '\'' || (at > 0 && text[at - 1] == '$');
  for (++at; at < text.size() && text[at] != quote; ++at) {
    at += escapes && text[at] == '\\' ? 1 : 0;
  }
  return std::min(at + 1, text.size());
}

// Behind the parenthesis that closes what is open at `at`, where only parentheses and quotes pair. Behind the end of
// the text if there is none.
std::size_t PairedEnd(std::string_view text, std::size_t at) {
  std::size_t open = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\'' || c == '"' || c == '`') {
      at = SkipQuote(text, at);
      continue;
    }
    if (c == ')' && open == 0) {
      return at + 1;
    }
    open += c == '(' ? 1 : 0;
    open -= c == ')' ? 1 : 0;
    at += c == '\\' ? 2 : 1;
  }
  return text.size() + 1;
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
    out->push_back(text_[at] == '?' ? '\x7F' : static_cast<char>(text_[at] & 0x1F));
    return at + 1;
  }
  out->append({'\\', c});
  return at;
}

// $'...', of which bash keeps what stands before the first NUL.
void Lexer::ReadAnsiQuoted(Parts* parts) {
  const std::size_t begin = position_ - 1;
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
    FailAt(begin, "this quote is never closed");
    return;
  }
  ++position_;
  decoded.resize(std::min(decoded.find('\0'), decoded.size()));
  AddLiteral(parts, arena_->Copy(decoded), Quote::kAnsi, WrittenSince(begin));
}

void Lexer::ReadDollar(Parts* parts, Quote quote) {
  const std::size_t begin = position_++;
  SkipContinuations();
  const char c = AtEnd() ? '\0' : Peek();
  if (quote == Quote::kNone && (c == '\'' || c == '"')) {
    c == '"' ? ReadDoubleQuoted(parts, Quote::kLocale) : ReadAnsiQuoted(parts);
    return;
  }
  if (c == '{') {
    ReadBraced(parts, quote);
    return;
  }
  const bool name = IsNameCharacter(c) && !Is(kDigitCharacter, c);
  if (c != '(' && c != '[' && !name && !Is(kDigitCharacter, c) && !IsSpecialParameter(c)) {
    AddLiteral(parts, WrittenSince(begin).substr(0, 1), quote, WrittenSince(begin));
    return;
  }
  Part* part = AddPart(parts, Part::Kind::kParameter, quote);
  if (c == '(' || c == '[') {
    ReadParenthesized(part);
    part->text = WrittenSince(begin);
  } else if (name) {
    part->bare = true;
    part->name = ReadName();
  } else {
    part->name = text_.substr(position_++, 1);
  }
  part->written = WrittenSince(begin);
}

// $(...), $((...)) and $[...] from behind the dollar sign.
void Lexer::ReadParenthesized(Part* part) {
  const Nesting nesting(this);
  if (failed()) {
    return;
  }
  part->kind = Part::Kind::kArithmetic;
  Expansion* expansion = AddExpansion(part);
  if (Peek() == '[') {
    part->form = Part::Form::kBracket;
    expansion->argument = ReadSubscript(part->quoted);
    return;
  }
  const std::size_t begin = position_++;
  std::size_t lonely = 0;
  SkipContinuations();
  if (Peek() == '(' && !AtEnd()) {
    ++position_;
    std::string_view inner;
    if (ReadArithmetic(&expansion->argument, &inner, &lonely)) {
      return;
    }
  }
  part->kind = Part::Kind::kCommand;
  expansion->argument = nullptr;
  expansion->command = failed() ? nullptr : ReadCommands(')');
  lonely > 0 ? CheckPairs(begin, lonely + 1) : void();
  ExplainFailure(begin, "this parenthesis is never closed");
}

// Of a substitution that begins with two parentheses bash takes what stands up to where they pair, whatever the
// commands in it are. If that is not where these end, it is something else. `inside`: a place between the parentheses
// at `begin`, with nothing else open.
void Lexer::CheckPairs(std::size_t begin, std::size_t inside) {
  const std::size_t end = position_;
  if (failed() || end <= inside || !Charge(end - inside)) {
    return;
  }
  if (PairedEnd(text_.substr(0, end), inside) != end) {
    broken_parts_.push_back({text_.substr(begin, end - begin), Failure::kSyntax});
  }
}

// The commands of a substitution. A here-document that is still to come when it ends stands behind its line, in front
// of those of the line.
const Command* Lexer::ReadCommands(char closing) {
  const NodeList<HereDocument> outer = std::exchange(waiting_, {});
  const char end_token = std::exchange(end_token_, closing);
  const Command* commands = ParseNested(closing);
  end_token_ = end_token;
  has_late_body_ = has_late_body_ || waiting_.first != nullptr;
  if (waiting_.first == nullptr) {
    waiting_ = outer;
  } else if (outer.first != nullptr) {
    waiting_.last->next = outer.first;
    waiting_.last = outer.last;
  }
  return commands;
}

// The inside of `...`, from its first character to behind its end: one level of backslashes is off.
std::string_view Lexer::TakeBackquoted(Quote quote) {
  const std::size_t begin = position_;
  std::size_t chunk = begin;
  std::string unescaped;
  const auto is_special = [quote](char c) {
    return c == '`' || c == '\\' || c == '$' || (c == '"' && (quote == Quote::kDouble || quote == Quote::kLocale));
  };
  while (!AtEnd() && text_[position_] != '`') {
    if (text_[position_] == '\\' && position_ + 1 < text_.size()) {
      if (is_special(Peek(1))) {
        unescaped.append(text_.substr(chunk, position_ - chunk));
        chunk = position_ + 1;
      }
      ++position_;
    }
    ++position_;
  }
  if (AtEnd()) {
    FailAt(begin - 1, "this backquote is never closed");
    return {};
  }
  const std::string_view rest = text_.substr(chunk, position_ - chunk);
  ++position_;
  return chunk == begin ? rest : arena_->Copy(unescaped.append(rest));
}

void Lexer::ReadBackquoted(Parts* parts, Quote quote) {
  const Nesting nesting(this);
  if (failed()) {
    return;
  }
  const std::size_t begin = position_++;
  const std::string_view inner = TakeBackquoted(quote);
  if (failed() || !Charge(inner_texts_ > 0 ? inner.size() : 0)) {
    return;
  }
  Part* part = AddPart(parts, Part::Kind::kCommand, quote);
  part->form = Part::Form::kBackquote;
  part->text = part->written = WrittenSince(begin);
  Expansion* expansion = AddExpansion(part);
  const std::size_t after = position_;
  {
    const InnerText guard(this, inner);
    expansion->command = ParseNested('\0');
  }
  NoteBroken(inner, after);
}

void Lexer::ReadProcessSubstitution(Parts* parts) {
  const Nesting nesting(this);
  if (failed()) {
    return;
  }
  const std::size_t begin = position_;
  Part* part = AddPart(parts, Part::Kind::kProcess, Quote::kNone);
  Expansion* expansion = AddExpansion(part);
  expansion->operation = text_.substr(begin, 1);
  position_ += 2;
  const std::size_t inside = position_;
  const bool is_double = !AtEnd() && Peek() == '(';
  expansion->command = ReadCommands(')');
  is_double ? CheckPairs(begin + 1, inside) : void();
  part->written = WrittenSince(begin);
  ExplainFailure(begin + 1, "this parenthesis is never closed");
}

bool Lexer::ReadArithmetic(const Part** parts, std::string_view* inner, std::size_t* lonely) {
  const std::size_t begin = position_;
  const NodeList<HereDocument> waiting = waiting_;
  const std::size_t broken = broken_parts_.size();
  Parts list;
  if (ReadArithmeticUntilEnd(&list)) {
    *inner = text_.substr(begin, position_ - begin - 2);
    *parts = list.first;
    return true;
  }
  if (!failed() && Charge(position_ - begin)) {
    *lonely = position_;
    position_ = begin - 1;  // the second parenthesis opens a subshell
    waiting_ = waiting;
    broken_parts_.resize(broken, {});
  }
  return false;
}

// Up to and with "))", or to a lonely ')'.
bool Lexer::ReadArithmeticUntilEnd(Parts* parts) {
  const std::size_t begin = position_;
  std::size_t open = 0;
  std::size_t chunk = position_;
  while (!AtEnd()) {
    const char c = text_[position_];
    if (c == '(') {
      ++open;
    } else if (c == ')' && open > 0) {
      --open;
    } else if (c == ')') {
      AddWritten(parts, chunk, Quote::kDouble);
      if (Peek(1) != ')') {
        return false;
      }
      position_ += 2;
      return true;
    } else if (c == '\'' || c == '"') {
      AddWritten(parts, chunk, Quote::kDouble);
      c == '"' ? ReadDoubleQuoted(parts, Quote::kDouble) : ReadPairedQuote(parts, Quote::kDouble);
      chunk = position_;
      continue;
    } else if (c == '$' && Peek(1) == '\'') {
      AddWritten(parts, chunk, Quote::kDouble);
      ReadPairedAnsiQuote(parts, Quote::kDouble);
      chunk = position_;
      continue;
    } else if (c == '$' || c == '`') {
      AddWritten(parts, chunk, Quote::kDouble);
      c == '$' ? ReadDollar(parts, Quote::kDouble) : ReadBackquoted(parts, Quote::kDouble);
      chunk = position_;
      continue;
    } else if (c == '\\') {
      ++position_;
    }
    ++position_;
  }
  if (!failed()) {
    FailAt(begin - 1, "this parenthesis is never closed");
  }
  return false;
}

// '...' where quotes pair but do not quote: in arithmetic and in "${x:-'...'}". They stay, and what is in them expands.
void Lexer::ReadPairedQuote(Parts* parts, Quote quote) {
  const std::size_t begin = position_;
  const std::size_t end = text_.find('\'', begin + 1);
  if (end == std::string_view::npos) {
    FailAt(begin, "this quote is never closed");
    return;
  }
  const std::string_view inner = text_.substr(begin + 1, end - begin - 1);
  AddLiteral(parts, "'", quote, text_.substr(begin, 1));
  position_ = end + 1;
  if (inner.find_first_of("$`\"\\") == std::string_view::npos) {
    AddLiteral(parts, inner, quote, inner);
  } else if (Charge(inner.size())) {
    const std::size_t after = position_;
    {
      const InnerText guard(this, inner);
      ReadQuotedUntil(parts, '\0', quote);
    }
    NoteBroken(inner, after);
  }
  AddLiteral(parts, "'", quote, text_.substr(end, 1));
}

// $'...' in arithmetic: bash decodes it, quotes it again, and then it is the same. What expands in what was decoded is
// not followed.
void Lexer::ReadPairedAnsiQuote(Parts* parts, Quote quote) {
  const std::size_t begin = position_++;
  Parts decoded;
  ReadAnsiQuoted(&decoded);
  if (failed() || decoded.first == nullptr) {
    return;
  }
  const std::string_view inner = decoded.first->text;
  AddLiteral(parts, arena_->Copy("'" + std::string(inner) + "'"), quote, WrittenSince(begin));
  if (inner.find_first_of("$`") != std::string_view::npos) {
    broken_parts_.push_back({inner, Failure::kSyntax});
  }
}

}  // namespace safe_docker::shell
