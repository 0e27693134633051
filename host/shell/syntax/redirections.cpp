// The part of the parser that reads redirections.
#include <algorithm>
#include <array>
#include <charconv>

#include "parser.hpp"

namespace safe_docker::shell {
namespace {

struct Operator {
  std::string_view text;
  Redirection::Kind kind;
};

using Kind = Redirection::Kind;

// The longer ones first.
constexpr std::array<Operator, 12> kOperators = {{{"&>>", Kind::kOutput},
                                                  {"&>", Kind::kOutput},
                                                  {"<<<", Kind::kHereString},
                                                  {"<<-", Kind::kHereDocument},
                                                  {"<<", Kind::kHereDocument},
                                                  {"<&", Kind::kDuplicate},
                                                  {"<>", Kind::kInputOutput},
                                                  {"<", Kind::kInput},
                                                  {">>", Kind::kOutput},
                                                  {">&", Kind::kDuplicate},
                                                  {">|", Kind::kOutput},
                                                  {">", Kind::kOutput}}};

bool FitsInt(std::string_view digits) {
  int number = 0;
  return std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc();
}

}  // namespace

void Parser::ParseRedirections(NodeList<Redirection>* list) {
  do {
    SkipBlanks();
  } while (!AtEnd() && ParseRedirection(list));
}

// Of {variable} or {variable[subscript]} at the position; 0 if none stands there.
std::size_t Parser::VariableLength() const {
  std::size_t end = 1;
  while (IsNameCharacter(Peek(end))) {
    ++end;
  }
  if (!IsName(text_.substr(position_ + 1, end - 1))) {
    return 0;
  }
  if (Peek(end) == '[') {
    while (Peek(end) != ']' && !EndsWord(Peek(end))) {
      ++end;
    }
    end += Peek(end) == ']' ? 1 : 0;
  }
  return Peek(end) == '}' ? end + 1 : 0;
}

// How far behind the position the '<' or '>' of a redirection stands; npos if none does.
std::size_t Parser::RedirectionOffset() const {
  std::size_t offset = 0;
  const char first = Peek();
  if (first == '{') {
    offset = VariableLength();
    if (offset == 0) {
      return std::string_view::npos;
    }
  } else {
    while (Is(kDigitCharacter, Peek(offset))) {
      ++offset;
    }
  }
  const char c = Peek(offset);
  const bool redirects = c == '<' || c == '>';
  const bool process = redirects && Peek(offset + 1) == '(' && offset == 0;
  const bool fits = first == '{' || offset == 0 || FitsInt(text_.substr(position_, offset));
  return redirects && !process && fits ? offset : std::string_view::npos;
}

void Parser::SetDescriptor(Redirection* redirection, std::string_view descriptor) const {
  redirection->descriptor_written = descriptor;
  if (descriptor.empty()) {
    redirection->descriptor = redirection->operation[0] == '<' ? 0 : 1;
  } else if (descriptor[0] == '{') {
    redirection->descriptor = -1;
    redirection->variable = descriptor.substr(1, descriptor.size() - 2);
  } else {
    std::from_chars(descriptor.data(), descriptor.data() + descriptor.size(), redirection->descriptor);
  }
}

bool Parser::ParseRedirection(NodeList<Redirection>* list) {
  const char first = text_[position_];
  const bool possible = first == '<' || first == '>' || first == '&' || first == '{' || Is(kDigitCharacter, first);
  if (!possible) {
    return false;
  }
  const std::size_t offset = first == '&' ? (LooksAt("&>") ? 0 : std::string_view::npos) : RedirectionOffset();
  if (offset == std::string_view::npos) {
    return false;
  }
  const std::size_t begin = position_;
  position_ += offset;
  const auto* found =
      std::find_if(kOperators.begin(), kOperators.end(), [this](const Operator& each) { return LooksAt(each.text); });
  Take(found->text);
  Redirection* redirection = arena_->New<Redirection>();
  redirection->kind = found->kind;
  redirection->operation = found->text;
  redirection->both = first == '&' || (found->text == ">&" && offset == 0);
  redirection->strip_tabs = found->text == "<<-";
  SetDescriptor(redirection, text_.substr(begin, offset));
  SkipBlanks();
  const SyntaxWord* target = ReadWord(WordMode::kPlain);
  redirection->written = WrittenSince(begin);
  if (target == nullptr) {
    Fail("expected a word");
  } else if (found->kind == Kind::kHereDocument) {
    redirection->delimiter = target;
    AddHereDocument(redirection);
  } else {
    redirection->target = target;
  }
  list->Add(redirection);
  return true;
}

}  // namespace safe_docker::shell
