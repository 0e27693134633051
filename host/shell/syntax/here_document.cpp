// The part of the lexer that reads here-documents, and texts that stand inside of others.
#include <algorithm>
#include <utility>

#include "lexer.hpp"

namespace safe_docker::shell {

// Expansions do not happen in a delimiter: quotes go, and all else is what stands there.
std::string_view Lexer::DelimiterOf(const SyntaxWord& word) {
  if (word.parts != nullptr && word.parts->next == nullptr && word.parts->kind == Part::Kind::kLiteral) {
    return word.parts->text;
  }
  std::string delimiter;
  bool literal = true;
  for (const Part* part = word.parts; part != nullptr; part = part->next) {
    literal = literal && part->kind == Part::Kind::kLiteral;
    delimiter.append(part->text);
  }
  if (!literal) {
    delimiter = std::string(word.written);
    for (std::size_t at = delimiter.find("\\\n"); at != std::string::npos; at = delimiter.find("\\\n", at)) {
      delimiter.erase(at, 2);
    }
    if (word.quoted) {
      std::erase_if(delimiter, [](char c) { return c == '"' || c == '\'' || c == '\\'; });
    }
  }
  return arena_->Copy(delimiter);
}

void Lexer::AddHereDocument(Redirection* redirection) {
  HereDocument* document = arena_->New<HereDocument>();
  document->redirection = redirection;
  document->delimiter = DelimiterOf(*redirection->delimiter);
  redirection->verbatim = redirection->delimiter->quoted;
  redirection->terminator = document->delimiter;
  redirection->terminated = false;
  waiting_.Add(document);
}

void Lexer::ReadHereDocuments() {
  const HereDocument* document = waiting_.first;
  waiting_ = {};
  for (; document != nullptr && !failed(); document = document->next) {
    const std::string_view body = ReadHereDocumentBody(*document);
    document->redirection->target = HereDocumentWord(*document, body);
  }
}

// Reads one line, or several if they are continued; true if it is the delimiter.
bool Lexer::ReadHereDocumentLine(const HereDocument& document) {
  const std::size_t begin = position_;
  const bool strip_tabs = document.redirection->strip_tabs;
  std::string joined;
  while (true) {
    const std::size_t end = std::min(text_.find('\n', position_), text_.size());
    std::string_view line = text_.substr(position_, end - position_);
    position_ = std::min(end + 1, text_.size());
    if (strip_tabs && joined.empty()) {
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
    }
    const std::size_t slashes = line.ends_with('\\') ? line.size() - (line.find_last_not_of('\\') + 1) : std::size_t{0};
    const bool goes_on = !document.redirection->verbatim && slashes % 2 == 1 && end < text_.size();
    if (!goes_on && joined.empty()) {
      // bash lets the parenthesis that closes a command substitution stand on the delimiter's line.
      const bool closes = end_token_ != '\0' && line.starts_with(document.delimiter) &&
                          line.find(end_token_, document.delimiter.size()) != std::string_view::npos;
      if (closes) {
        position_ = static_cast<std::size_t>(line.data() - text_.data()) + document.delimiter.size();
      }
      return closes || line == document.delimiter;
    }
    joined.append(line.substr(0, line.size() - (goes_on ? 1 : 0)));
    if (!goes_on || AtEnd() || joined.size() > document.delimiter.size() + (position_ - begin)) {
      return joined == document.delimiter;
    }
  }
}

std::string_view Lexer::ReadHereDocumentBody(const HereDocument& document) {
  const std::size_t begin = position_;
  while (!AtEnd()) {
    const std::size_t line = position_;
    if (ReadHereDocumentLine(document)) {
      document.redirection->terminated = true;
      return text_.substr(begin, line - begin);
    }
  }
  return text_.substr(begin);
}

// Lines that are continued, as bash joins them before it looks at anything else, comments in $(...) too.
std::string Lexer::WithoutContinuations(std::string_view body) {
  std::string joined;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool escapes = body[i] == '\\' && i + 1 < body.size();
    if (escapes && body[i + 1] == '\n') {
      ++i;
    } else {
      joined.push_back(body[i]);
      if (escapes) {
        joined.push_back(body[++i]);
      }
    }
  }
  return joined;
}

SyntaxWord* Lexer::HereDocumentWord(const HereDocument& document, std::string_view body) {
  SyntaxWord* word = arena_->New<SyntaxWord>();
  word->written = body;
  word->quoted = document.redirection->verbatim;
  if (inner_texts_ > 0 && !Charge(body.size())) {
    return word;
  }
  if (document.redirection->strip_tabs && body.find('\t') != std::string_view::npos) {
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
  if (document.redirection->verbatim) {
    Parts parts;
    AddLiteral(&parts, body, Quote::kHereDocument, word->written);
    word->parts = parts.first;
    return word;
  }
  if (body.find("\\\n") != std::string_view::npos) {
    body = arena_->Copy(WithoutContinuations(body));
  }
  const std::size_t position = position_;
  word->parts = ReadInner(body, Quote::kHereDocument);
  NoteBroken(body, position);
  return word;
}

Lexer::InnerText::InnerText(Lexer* lexer, std::string_view text)
    : lexer_(lexer),
      outer_(lexer->text_),
      position_(lexer->position_),
      end_token_(std::exchange(lexer->end_token_, '\0')),
      waiting_(std::exchange(lexer->waiting_, {})) {
  if (lexer->inner_texts_++ == 0) {
    lexer->outer_position_ = lexer->position_;
  }
  lexer->text_ = text;
  lexer->position_ = lexer->failed() ? text.size() : 0;  // nothing is read after a failure
}

Lexer::InnerText::~InnerText() {
  --lexer_->inner_texts_;
  lexer_->text_ = outer_;
  lexer_->end_token_ = end_token_;
  lexer_->waiting_ = waiting_;
  lexer_->position_ = lexer_->failed() ? outer_.size() : position_;
}

// The parts of a text in which only $ ` \ mean something.
const Part* Lexer::ReadInner(std::string_view text, Quote quote) {
  const InnerText inner(this, text);
  Parts parts;
  ReadQuotedUntil(&parts, '\0', quote);
  return parts.first;
}

// What bash only finds out when it expands this is no failure of the whole text.
void Lexer::NoteBroken(std::string_view text, std::size_t position) {
  if (failure_ == Failure::kSyntax) {
    broken_parts_.push_back({text, failure_});
    failure_ = Failure::kNone;
    position_ = position;
  }
}

}  // namespace safe_docker::shell
