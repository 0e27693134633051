#include "lexer.hpp"

#include <algorithm>

namespace safe_docker::shell {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// What ends a run of ordinary characters in an unquoted word.
bool IsSpecial(char c) {
  switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '|':
    case '&':
    case ';':
    case '(':
    case ')':
    case '<':
    case '>':
    case '\'':
    case '"':
    case '\\':
    case '$':
    case '`':
    case '[':
    case '{':
      return true;
    default:
      return false;
  }
}

bool IsGroupPrefix(char c) { return c == '?' || c == '*' || c == '+' || c == '@' || c == '!'; }

}  // namespace

bool EndsWord(char c) { return std::string_view(" \t\n;|&()<>").find(c) != std::string_view::npos; }

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool IsName(std::string_view text) {
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), IsNameCharacter);
}

Lexer::Lexer(std::string_view text, Arena* arena, int depth)
    : text_(text), arena_(arena), depth_(depth), scan_budget_(8 * text.size() + 65536) {}

bool Lexer::Take(std::string_view what) {
  if (!LooksAt(what)) {
    return false;
  }
  position_ += what.size();
  return true;
}

void Lexer::Fail(Failure failure) {
  if (failure_ == Failure::kNone) {
    failure_ = failure;
  }
  position_ = text_.size();
}

std::string_view Lexer::WrittenSince(std::size_t begin) const {
  return begin < text_.size() && position_ > begin ? text_.substr(begin, position_ - begin) : std::string_view();
}

void Lexer::SkipContinuations() {
  while (LooksAt("\\\n")) {
    position_ += 2;
  }
}

void Lexer::SkipBlanks() {
  while (!AtEnd()) {
    const char c = Peek();
    if (IsBlank(c)) {
      ++position_;
    } else if (c == '\\' && Peek(1) == '\n' && position_ + 1 < text_.size()) {
      position_ += 2;
    } else if (c == '#') {
      position_ = std::min(text_.find('\n', position_), text_.size());
    } else {
      return;
    }
  }
}

bool Lexer::TakeNewline() {
  if (AtEnd() || Peek() != '\n') {
    return false;
  }
  ++position_;
  if (!waiting_.empty()) {
    ReadHereDocuments();
  }
  return true;
}

std::string_view Lexer::ReadName() {
  const std::size_t begin = position_;
  std::string joined;
  bool continued = false;
  std::size_t piece = begin;
  while (!AtEnd()) {
    if (IsNameCharacter(Peek())) {
      ++position_;
    } else if (LooksAt("\\\n")) {
      continued = true;
      joined.append(text_.substr(piece, position_ - piece));
      SkipContinuations();
      piece = position_;
    } else {
      break;
    }
  }
  if (!continued) {
    return WrittenSince(begin);
  }
  joined.append(WrittenSince(piece));
  return arena_->Copy(joined);
}

void Lexer::AddLiteral(Parts* parts, std::string_view text, bool quoted) {
  Part* part = arena_->New<Part>();
  part->quoted = quoted;
  part->text = text;
  parts->Add(part);
}

// A line continued in the middle of a name leaves two literals where bash sees one.
void Lexer::MergeLiterals(Parts* parts, Arena* arena) {
  Parts merged;
  for (Part* part = parts->first; part != nullptr;) {
    Part* next = part->next;
    if (part->kind == Part::Kind::kLiteral && !part->quoted) {
      std::string text(part->text);
      while (next != nullptr && next->kind == Part::Kind::kLiteral && !next->quoted) {
        text.append(next->text);
        next = next->next;
      }
      part->text = arena->Copy(text);
    }
    part->next = nullptr;
    merged.Add(part);
    part = next;
  }
  *parts = merged;
}

SyntaxWord* Lexer::ReadWord(WordMode mode) {
  Parts parts;
  const std::size_t begin = position_;
  bool has_brace = false;
  bool continued = false;
  std::size_t chunk = position_;
  const auto flush = [&] {
    if (position_ > chunk) {
      AddLiteral(&parts, WrittenSince(chunk), false);
    }
  };
  while (!AtEnd()) {
    const char c = Peek();
    if (!IsSpecial(c)) {
      ++position_;
      if (c != '=' && IsGroupPrefix(c) && Peek() == '(') {
        ReadGroup((flush(), &parts));
        chunk = position_;
      }
      continue;
    }
    if (c == '{') {
      has_brace = true;
      ++position_;
      continue;
    }
    if (c == '[') {
      const bool subscript =
          mode == WordMode::kAssignment && parts.first == nullptr && IsName(text_.substr(begin, position_ - begin));
      if (!subscript) {
        ++position_;
        continue;
      }
      flush();
      Part* part = arena_->New<Part>();
      part->kind = Part::Kind::kArraySubscript;
      part->argument = ReadSubscript(false);
      parts.Add(part);
      chunk = position_;
      continue;
    }
    const bool process = (c == '<' || c == '>') && Peek(1) == '(' && mode != WordMode::kRegex;
    const bool group = mode == WordMode::kRegex && c == '(';
    if (mode == WordMode::kRegex && (c == '|' || c == '<' || c == '>')) {
      ++position_;
      continue;
    }
    if (!process && !group && c != '\'' && c != '"' && c != '\\' && c != '$' && c != '`') {
      break;
    }
    flush();
    if (process) {
      ReadProcessSubstitution(&parts);
    } else if (group) {
      ReadGroup(&parts);
    } else if (LooksAt("\\\n")) {
      position_ += 2;
      continued = true;
    } else {
      ReadQuoteOrBackslash(&parts);
    }
    chunk = position_;
  }
  if (!failed()) {
    flush();
  }
  if (continued) {
    MergeLiterals(&parts, arena_);
  }
  SyntaxWord* word = arena_->New<SyntaxWord>();
  word->parts = parts.first;
  word->written = WrittenSince(begin);
  word->has_brace = has_brace;
  return word;
}

// An extended pattern's or regular expression's (...), which may hold blanks.
void Lexer::ReadGroup(Parts* parts) {
  int open = 0;
  std::size_t chunk = position_;
  do {
    if (AtEnd()) {
      Fail(Failure::kSyntax);
      return;
    }
    const char c = Peek();
    if (c == '\'' || c == '"' || c == '\\' || c == '$' || c == '`') {
      AddLiteral(parts, WrittenSince(chunk), false);
      ReadQuoteOrBackslash(parts);
      chunk = position_;
      continue;
    }
    open += c == '(' ? 1 : (c == ')' ? -1 : 0);
    ++position_;
  } while (open > 0);
  AddLiteral(parts, WrittenSince(chunk), false);
}

// At one of ' " \ $ ` outside of quotes.
void Lexer::ReadQuoteOrBackslash(Parts* parts) {
  switch (Peek()) {
    case '\'':
      ReadSingleQuoted(parts);
      break;
    case '"':
      ReadDoubleQuoted(parts);
      break;
    case '$':
      ReadDollar(parts, Quoting::kNone);
      break;
    case '`':
      ReadBackquoted(parts, Quoting::kNone);
      break;
    default:  // a backslash
      if (LooksAt("\\\n")) {
        position_ += 2;
        break;
      }
      position_ = std::min(position_ + 2, text_.size());
      AddLiteral(parts,
                 text_[position_ - 1] == '\\' && position_ == text_.size() ? std::string_view("\\")
                                                                           : text_.substr(position_ - 1, 1),
                 true);
  }
}

void Lexer::ReadSingleQuoted(Parts* parts) {
  const std::size_t begin = ++position_;
  const std::size_t end = text_.find('\'', begin);
  if (end == std::string_view::npos) {
    Fail(Failure::kSyntax);
    return;
  }
  AddLiteral(parts, text_.substr(begin, end - begin), true);
  position_ = end + 1;
}

void Lexer::ReadDoubleQuoted(Parts* parts) {
  ++position_;
  if (!AtEnd() && Peek() == '"') {
    AddLiteral(parts, {}, true);  // "" is a word though it holds nothing
  }
  ReadQuotedUntil(parts, '"', Quoting::kDouble);
}

// Text in which only $ ` \ mean something, up to `closing`, which is consumed; to the end if it is NUL.
void Lexer::ReadQuotedUntil(Parts* parts, char closing, Quoting quoting) {
  std::size_t chunk = position_;
  const auto flush = [&] {
    if (position_ > chunk) {
      AddLiteral(parts, WrittenSince(chunk), true);
    }
  };
  while (!AtEnd()) {
    const char c = Peek();
    if (c == closing && closing != '\0') {
      flush();
      ++position_;
      return;
    }
    if (c == '$' || c == '`') {
      flush();
      c == '$' ? ReadDollar(parts, quoting) : ReadBackquoted(parts, quoting);
      chunk = position_;
    } else if (c == '\\' && position_ + 1 < text_.size()) {
      const char escaped = Peek(1);
      const bool special = escaped == '$' || escaped == '`' || escaped == '\\' || escaped == '\n' ||
                           (escaped == '"' && quoting == Quoting::kDouble);
      if (special) {
        flush();
        chunk = position_ + (escaped == '\n' ? 2 : 1);
      }
      position_ += 2;
    } else {
      ++position_;
    }
  }
  if (closing != '\0') {
    Fail(Failure::kSyntax);
  } else if (!failed()) {
    flush();
  }
}

const Part* Lexer::ReadInner(std::string_view inner, Quoting quoting) {
  const std::string_view outer = text_;
  const std::size_t position = position_;
  text_ = inner;
  position_ = 0;
  Parts parts;
  ReadQuotedUntil(&parts, '\0', quoting);
  text_ = outer;
  position_ = failed() ? text_.size() : position;
  return parts.first;
}

void Lexer::AddHereDocument(Redirection* redirection, const SyntaxWord* delimiter, bool strip_tabs) {
  HereDocument document{redirection, {}, false, strip_tabs};
  for (const Part* part = delimiter->parts; part != nullptr; part = part->next) {
    document.quoted = document.quoted || part->quoted;
    document.delimiter.append(part->text);
  }
  // Expansions do not happen in a delimiter: it is what stands there.
  const bool literal = [&] {
    for (const Part* part = delimiter->parts; part != nullptr; part = part->next) {
      if (part->kind != Part::Kind::kLiteral) {
        return false;
      }
    }
    return true;
  }();
  if (!literal) {
    document.delimiter = std::string(delimiter->written);
    std::erase_if(document.delimiter, [](char c) { return c == '"' || c == '\'' || c == '\\'; });
  }
  waiting_.push_back(std::move(document));
}

void Lexer::ReadHereDocuments() {
  std::vector<HereDocument> documents;
  documents.swap(waiting_);
  for (const HereDocument& document : documents) {
    const std::string_view body = ReadHereDocumentBody(document);
    document.redirection->target = HereDocumentWord(document, body);
  }
}

std::string_view Lexer::ReadHereDocumentBody(const HereDocument& document) {
  const std::size_t begin = position_;
  std::string logical;
  while (!AtEnd()) {
    const std::size_t line = position_;
    logical.clear();
    while (true) {  // one line; several if they are continued
      const std::size_t end = std::min(text_.find('\n', position_), text_.size());
      std::string_view piece = text_.substr(position_, end - position_);
      position_ = std::min(end + 1, text_.size());
      const std::size_t last = piece.find_last_not_of('\\');
      const std::size_t slashes = piece.size() - (last == std::string_view::npos ? 0 : last + 1);
      const bool goes_on = !document.quoted && slashes % 2 == 1 && end < text_.size();
      if (goes_on) {
        piece.remove_suffix(1);
      }
      if (document.strip_tabs && logical.empty()) {
        piece.remove_prefix(std::min(piece.find_first_not_of('\t'), piece.size()));
      }
      logical.append(piece);
      if (!goes_on || AtEnd()) {
        break;
      }
    }
    if (logical == document.delimiter) {
      return text_.substr(begin, line - begin);
    }
  }
  return text_.substr(begin);
}

SyntaxWord* Lexer::HereDocumentWord(const HereDocument& document, std::string_view body) {
  SyntaxWord* word = arena_->New<SyntaxWord>();
  word->written = body;
  if (document.strip_tabs && body.find('\t') != std::string_view::npos) {
    std::string stripped;
    bool line_start = true;
    for (const char c : body) {
      if (!(line_start && c == '\t')) {
        stripped.push_back(c);
        line_start = c == '\n';
      }
    }
    body = arena_->Copy(stripped);
  }
  if (document.quoted) {
    Part* part = arena_->New<Part>();
    part->quoted = true;
    part->text = body;
    word->parts = part;
    return word;
  }
  const std::size_t position = position_;
  word->parts = ReadInner(body, Quoting::kHereDocument);
  if (failure_ == Failure::kSyntax) {
    broken_parts_.push_back({body, failure_});
    failure_ = Failure::kNone;
    position_ = position;
  }
  return word;
}

}  // namespace safe_docker::shell
