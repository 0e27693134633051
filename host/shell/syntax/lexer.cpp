#include "lexer.hpp"

#include <algorithm>
#include <functional>

namespace safe_docker::shell {
namespace {

bool IsGroupPrefix(char c) { return c == '?' || c == '*' || c == '+' || c == '@' || c == '!'; }

void SetParts(SyntaxWord* word, const Part* parts) {
  word->parts = parts;
  for (const Part* part = parts; part != nullptr && !word->quoted; part = part->next) {
    word->quoted = part->quoted;
  }
}

}  // namespace

Lexer::Lexer(std::string_view text, Arena* arena, int depth)
    : text_(text), arena_(arena), depth_(depth), read_budget_(8 * text.size() + 65536), original_(text) {}

std::size_t Lexer::MatchAll(std::string_view what) const {
  std::size_t at = position_;
  for (const char c : what) {
    while (at + 1 < text_.size() && text_[at] == '\\' && text_[at + 1] == '\n') {
      at += 2;
    }
    if (at >= text_.size() || text_[at] != c) {
      return 0;
    }
    ++at;
  }
  return at - position_;
}

bool Lexer::Take(std::string_view what) {
  const std::size_t length = Match(what);
  position_ += length;
  return length != 0;
}

void Lexer::Fail(std::string_view message) { FailAt(position_, message); }

void Lexer::FailAt(std::size_t offset, std::string_view message) {
  if (failure_ == Failure::kNone) {
    failure_ = Failure::kSyntax;
    offset = std::min(offset, text_.size());
    std::size_t length = offset < text_.size() ? 1 : 0;
    while (length > 0 && length < 40 && offset + length < text_.size() &&
           EndsWord(text_[offset]) == EndsWord(text_[offset + length]) && text_[offset + length] != '\n' &&
           !Is(kBlankCharacter, text_[offset + length])) {
      ++length;
    }
    const std::string_view token = text_.substr(offset, length);
    const std::less<const char*> before;
    const char* place = text_.data() + offset;
    const bool inside = !before(place, original_.data()) && !before(original_.data() + original_.size(), place);
    error_ = {inside ? static_cast<std::size_t>(place - original_.data()) : outer_position_, token, message};
  }
  position_ = text_.size();
}

void Lexer::FailTooDeep() {
  if (!failed()) {
    FailAt(position_, "nested too deeply");
    failure_ = Failure::kTooDeep;
  }
}

void Lexer::ExplainFailure(std::size_t offset, std::string_view message) {
  if (failed() && error_.message.empty() && error_.token.empty()) {
    failure_ = Failure::kNone;
    FailAt(offset, message);
  }
}

// False, and the end of everything, if that much cannot be read once more.
bool Lexer::Charge(std::size_t bytes) {
  if (bytes > read_budget_) {
    FailTooDeep();
    return false;
  }
  read_budget_ -= bytes;
  return true;
}

std::string_view Lexer::WrittenSince(std::size_t begin) const {
  return begin < text_.size() && position_ > begin ? text_.substr(begin, position_ - begin) : std::string_view();
}

void Lexer::SkipContinuations() {
  while (AtContinuation()) {
    position_ += 2;
  }
}

void Lexer::SkipBlanks() {
  std::size_t at = position_;
  while (true) {
    while (at < text_.size() && Is(kBlankCharacter, text_[at])) {
      ++at;
    }
    position_ = at;
    if (at >= text_.size()) {
      return;
    }
    const char c = text_[at];
    if (c == '\\' && AtContinuation()) {
      at += 2;
    } else if (c == '#') {
      at = std::min(text_.find('\n', at), text_.size());
    } else {
      return;
    }
  }
}

bool Lexer::TakeNewline() {
  if (AtEnd() || text_[position_] != '\n') {
    return false;
  }
  ++position_;
  if (waiting_.first != nullptr) {
    ReadHereDocuments();
  }
  return true;
}

// An unquoted name or number at the position, continued lines taken out.
std::string_view Lexer::ReadName() {
  const std::size_t begin = position_;
  while (!AtEnd() && IsNameCharacter(text_[position_])) {
    ++position_;
  }
  if (!AtContinuation()) {
    return WrittenSince(begin);
  }
  std::string joined(WrittenSince(begin));
  while (!AtEnd() && (IsNameCharacter(Peek()) || AtContinuation())) {
    if (AtContinuation()) {
      position_ += 2;
    } else {
      joined.push_back(text_[position_++]);
    }
  }
  return arena_->Copy(joined);
}

Part* Lexer::AddPart(Parts* parts, Part::Kind kind, Quote quote) {
  Part* part = arena_->New<Part>();
  part->kind = kind;
  part->quote = quote;
  part->quoted = quote != Quote::kNone;
  parts->Add(part);
  return part;
}

Expansion* Lexer::AddExpansion(Part* part) {
  Expansion* expansion = arena_->New<Expansion>();
  part->expansion = expansion;
  return expansion;
}

void Lexer::AddLiteral(Parts* parts, std::string_view text, Quote quote, std::string_view written) {
  Part* part = AddPart(parts, Part::Kind::kLiteral, quote);
  part->text = text;
  part->written = written;
}

// What was read since `begin`, as it stands there.
void Lexer::AddWritten(Parts* parts, std::size_t begin, Quote quote) {
  if (position_ > begin) {
    const std::string_view written = WrittenSince(begin);
    AddLiteral(parts, written, quote, written);
  }
}

// A line continued in the middle of a name leaves two literals where bash sees one.
void Lexer::MergeLiterals(Parts* parts) {
  Parts merged;
  for (Part* part = parts->first; part != nullptr;) {
    Part* next = part->next;
    const auto joins = [&](const Part* other) {
      return other != nullptr && other->kind == Part::Kind::kLiteral && !other->quoted &&
             other->in_group == part->in_group;
    };
    if (joins(part) && joins(next)) {
      std::string text(part->text);
      const char* end = part->written.data();
      for (; joins(next); next = next->next) {
        text.append(next->text);
        end = next->written.data() + next->written.size();
      }
      part->text = arena_->Copy(text);
      part->written = {part->written.data(), static_cast<std::size_t>(end - part->written.data())};
    }
    part->next = nullptr;
    merged.Add(part);
    part = next;
  }
  *parts = merged;
}

SyntaxWord* Lexer::ReadWord(WordMode mode) {
  const std::size_t begin = position_;
  std::size_t at = begin;
  while (at < text_.size() && Is(kWordCharacter, text_[at])) {
    ++at;
  }
  position_ = at;
  const char c = at < text_.size() ? text_[at] : '\n';
  const bool plain = EndsWord(c) && (c != '(' || at == begin || !IsGroupPrefix(text_[at - 1])) &&
                     ((c != '<' && c != '>') || Peek(1) != '(') && mode != WordMode::kRegex;
  if (plain && at == begin) {
    return nullptr;
  }
  SyntaxWord* word = arena_->New<SyntaxWord>();
  if (plain) {
    Part* part = arena_->New<Part>();
    part->text = part->written = word->written = text_.substr(begin, at - begin);
    word->parts = part;
    return word;
  }
  ReadRestOfWord(word, begin, mode);
  return word->written.empty() ? nullptr : word;
}

// From where a character stands that may mean something; `begin` is the word's.
void Lexer::ReadRestOfWord(SyntaxWord* word, std::size_t begin, WordMode mode) {
  Parts parts;
  bool continued = false;
  std::size_t chunk = begin;
  while (!AtEnd()) {
    const char c = text_[position_];
    if (Is(kWordCharacter, c)) {
      ++position_;
      continue;
    }
    const bool group =
        c == '(' && (mode == WordMode::kRegex || (position_ > chunk && IsGroupPrefix(text_[position_ - 1])));
    const bool process = (c == '<' || c == '>') && Peek(1) == '(';
    if (c == '{' || (c == '[' && !BeginsSubscript(parts, begin, mode)) || (c == '|' && mode == WordMode::kRegex)) {
      word->has_brace = word->has_brace || c == '{';
      ++position_;
      continue;
    }
    if (EndsWord(c) && !group && !process) {
      break;
    }
    AddWritten(&parts, chunk, Quote::kNone);
    if (group) {
      word->has_group = true;
      ReadGroup(&parts);
    } else if (process) {
      ReadProcessSubstitution(&parts);
    } else if (c == '[') {
      ReadSubscriptPart(&parts);
    } else if (AtContinuation()) {
      position_ += 2;
      continued = true;
    } else {
      ReadQuoteOrBackslash(&parts);
    }
    chunk = position_;
  }
  if (!failed()) {
    AddWritten(&parts, chunk, Quote::kNone);
  }
  if (continued) {
    MergeLiterals(&parts);
  }
  word->written = WrittenSince(begin);
  SetParts(word, parts.first);
}

// Whether the '[' at the position opens the subscript of an assignment.
bool Lexer::BeginsSubscript(const Parts& parts, std::size_t begin, WordMode mode) const {
  if (mode == WordMode::kElement && position_ == begin) {
    return true;
  }
  return (mode == WordMode::kAssignment || mode == WordMode::kElement) && parts.first == nullptr &&
         IsName(text_.substr(begin, position_ - begin));
}

void Lexer::ReadSubscriptPart(Parts* parts) {
  const std::size_t begin = position_;
  Part* part = AddPart(parts, Part::Kind::kArraySubscript, Quote::kNone);
  AddExpansion(part)->argument = ReadSubscript(false);
  part->written = WrittenSince(begin);
}

// An extended pattern's or regular expression's (...), which may hold blanks.
void Lexer::ReadGroup(Parts* parts) {
  const std::size_t begin = position_;
  const Part* before = parts->last;
  int open = 0;
  std::size_t chunk = position_;
  do {
    if (AtEnd()) {
      FailAt(begin, "this parenthesis is never closed");
      return;
    }
    const char c = Peek();
    if (c == '\'' || c == '"' || c == '\\' || c == '$' || c == '`') {
      AddWritten(parts, chunk, Quote::kNone);
      ReadQuoteOrBackslash(parts);
      chunk = position_;
      continue;
    }
    open += c == '(' ? 1 : (c == ')' ? -1 : 0);
    ++position_;
  } while (open > 0);
  AddWritten(parts, chunk, Quote::kNone);
  for (Part* part = before == nullptr ? parts->first : before->next; part != nullptr; part = part->next) {
    part->in_group = true;
  }
}

// At one of ' " \ $ ` outside of quotes.
void Lexer::ReadQuoteOrBackslash(Parts* parts) {
  switch (Peek()) {
    case '\'':
      ReadSingleQuoted(parts);
      break;
    case '"':
      ReadDoubleQuoted(parts, Quote::kDouble);
      break;
    case '$':
      ReadDollar(parts, Quote::kNone);
      break;
    case '`':
      ReadBackquoted(parts, Quote::kNone);
      break;
    default:
      ReadBackslash(parts);
  }
}

void Lexer::ReadBackslash(Parts* parts) {
  if (AtContinuation()) {
    position_ += 2;
    return;
  }
  const std::size_t begin = position_;
  position_ = std::min(position_ + 2, text_.size());
  AddLiteral(parts, text_.substr(position_ - 1, 1), Quote::kBackslash, WrittenSince(begin));
}

void Lexer::ReadSingleQuoted(Parts* parts) {
  const std::size_t begin = position_++;
  const std::size_t end = text_.find('\'', position_);
  if (end == std::string_view::npos) {
    FailAt(begin, "this quote is never closed");
    return;
  }
  position_ = end + 1;
  AddLiteral(parts, text_.substr(begin + 1, end - begin - 1), Quote::kSingle, WrittenSince(begin));
}

void Lexer::ReadDoubleQuoted(Parts* parts, Quote quote) {
  const std::size_t begin = position_++;
  if (!AtEnd() && Peek() == '"') {
    AddLiteral(parts, {}, quote, text_.substr(begin, 2));  // "" is a word though it holds nothing
  }
  ReadQuotedUntil(parts, '"', quote);
  ExplainFailure(begin, "this quote is never closed");
}

// Text in which only $ ` \ mean something, up to `closing`, which is consumed; to the end if it is NUL.
void Lexer::ReadQuotedUntil(Parts* parts, char closing, Quote quote) {
  std::size_t chunk = position_;
  while (!AtEnd()) {
    const char c = text_[position_];
    if (Is(kQuotedCharacter, c)) {
      ++position_;
    } else if (c == closing && closing != '\0') {
      AddWritten(parts, chunk, quote);
      ++position_;
      return;
    } else if (c == '$' || c == '`') {
      AddWritten(parts, chunk, quote);
      c == '$' ? ReadDollar(parts, quote) : ReadBackquoted(parts, quote);
      chunk = position_;
    } else if (c == '"' && closing == '\0' && quote != Quote::kHereDocument) {
      AddWritten(parts, chunk, quote);  // one between single quotes, or in arithmetic: it goes
      chunk = ++position_;
    } else if (c == '\\' && position_ + 1 < text_.size()) {
      const char escaped = Peek(1);
      const bool special = escaped == '$' || escaped == '`' || escaped == '\\' || escaped == '\n' ||
                           (escaped == '"' && quote != Quote::kHereDocument);
      if (special) {
        AddWritten(parts, chunk, quote);
        chunk = position_ + (escaped == '\n' ? 2 : 1);
      }
      position_ += 2;
    } else {
      ++position_;
    }
  }
  if (failed()) {
    return;
  }
  if (closing != '\0') {
    Fail({});  // the caller knows where it began
  } else {
    AddWritten(parts, chunk, quote);
  }
}

}  // namespace safe_docker::shell
