// The part of the lexer that reads ${...} and [...].
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

bool IsSpecialParameter(char c) { return kSpecialParameters.find(c) != std::string_view::npos; }

}  // namespace

// Whether `c` ends the first operand: ':' does not if it belongs to a "?" or stands in parentheses.
bool Lexer::Separator::Separates(char c) {
  if (character == ':') {
    open += c == '(' ? 1 : (c == ')' && open > 0 ? -1 : 0);
    if (open > 0) {
      return false;
    }
    if (c == ':' && questions > 0) {
      --questions;
      return false;
    }
    questions += c == '?' ? 1 : 0;
  }
  return c == character;
}

void Lexer::ReadBraced(Parts* parts, Quote quote) {
  const Nesting nesting(this);
  if (failed()) {
    return;
  }
  const std::size_t begin = position_++;
  const std::size_t dollar = begin - 1;
  SkipContinuations();
  Part* part = AddPart(parts, Part::Kind::kParameter, quote);
  Expansion* expansion = AddExpansion(part);
  const char c = AtEnd() ? '\0' : Peek();
  if (Is(kBlankCharacter, c) || c == '\n' || c == '|') {
    ReadBracedCommand(part, expansion);
    part->text = WrittenSince(dollar);
  } else {
    ReadBracedName(part);
    if (Peek() == '[' && !part->name.empty()) {
      expansion->index = ReadSubscript(true);
    }
    if (!failed()) {
      ReadOperation(*part, expansion, quote);
    }
  }
  part->written = WrittenSince(dollar);
  ExplainFailure(dollar, "this brace is never closed");
}

// ${ commands; } and ${| commands; }
void Lexer::ReadBracedCommand(Part* part, Expansion* expansion) {
  const bool value = Peek() == '|';
  position_ += value ? 1 : 0;
  part->kind = Part::Kind::kCommand;
  part->form = value ? Part::Form::kBraceValue : Part::Form::kBrace;
  expansion->command = ReadCommands('}');
}

void Lexer::ReadBracedName(Part* part) {
  const char prefix = Peek();
  if (prefix == '!' || prefix == '#') {
    const char next = Peek(1);
    const bool whole = IsSpecialParameter(next) && Peek(2) == '}';
    if (position_ + 1 < text_.size() && (IsNameCharacter(next) || whole)) {
      part->indirect = prefix == '!';
      part->length = prefix == '#';
      ++position_;
      SkipContinuations();
    }
  }
  if (!AtEnd() && IsSpecialParameter(Peek())) {
    part->name = text_.substr(position_++, 1);
  } else {
    part->name = ReadName();
  }
}

// The operation of ${name<operation>} with its operands, up to the closing brace.
void Lexer::ReadOperation(const Part& part, Expansion* expansion, Quote quote) {
  SkipContinuations();
  if (Take("}")) {
    return;
  }
  const auto* operation =
      std::find_if(kOperations.begin(), kOperations.end(), [this](std::string_view each) { return LooksAt(each); });
  expansion->operation = "bad";
  if (operation != kOperations.end() && !part.name.empty()) {
    expansion->operation = *operation;
    Take(*operation);
  }
  const char kind = expansion->operation[0];
  const bool pattern = std::string_view("#%/^,~").find(kind) != std::string_view::npos;
  Separator separator;
  separator.not_first = expansion->operation == "//";
  separator.character = kind == '/' || expansion->operation == ":" ? kind : '\0';
  Parts first;
  const bool separated = ReadOperand(&first, &separator, quote, pattern);
  expansion->argument = first.first;
  if (!separated) {
    return;
  }
  Parts second;
  AddLiteral(&second, {}, pattern ? Quote::kNone : quote, text_.substr(position_, 0));
  separator.character = '\0';
  ReadOperand(&second, &separator, quote, pattern);
  expansion->second_argument = second.first->next == nullptr ? second.first : second.first->next;
}

// Up to the closing brace or, which makes it true, the separator.
bool Lexer::ReadOperand(Parts* parts, Separator* separator, Quote quote, bool is_pattern) {
  // In a pattern only its own quotes quote, not those around the whole expansion.
  const Quote inner = is_pattern ? Quote::kNone : quote;
  const std::size_t begin = position_;
  std::size_t chunk = position_;
  while (!AtEnd()) {
    const char c = text_[position_];
    if (Is(kOperandCharacter, c)) {
      ++position_;
      continue;
    }
    const bool separates =
        separator->character != '\0' && separator->Separates(c) && !(position_ == begin && separator->not_first);
    if (c == '}' || separates) {
      AddWritten(parts, chunk, inner);
      ++position_;
      return separates;
    }
    const bool process = (c == '<' || c == '>') && quote == Quote::kNone && Peek(1) == '(';
    const bool literal_quote = c == '\'' && quote == Quote::kHereDocument && !is_pattern;
    if (std::string_view("'\"\\$`").find(c) == std::string_view::npos ? !process : literal_quote) {
      ++position_;
      continue;
    }
    AddWritten(parts, chunk, inner);
    ReadOperandPiece(parts, inner, is_pattern);
    chunk = position_;
  }
  if (!failed()) {
    Fail({});  // the caller knows where it began
  }
  return false;
}

// At one of ' " \ $ ` < > that means something.
void Lexer::ReadOperandPiece(Parts* parts, Quote quote, bool is_pattern) {
  const char c = text_[position_];
  const bool quoted = quote != Quote::kNone;
  if (c == '<' || c == '>') {
    ReadProcessSubstitution(parts);
  } else if (c == '\'' && quoted && !is_pattern) {
    ReadPairedQuote(parts, quote);  // "${x:-'}'}" is '}'
  } else if (c == '$' && quoted && Peek(1) == '\'' && quote != Quote::kHereDocument) {
    ++position_;
    ReadAnsiQuoted(parts);
  } else if (c == '$') {
    ReadDollar(parts, quote);
  } else if (c == '`') {
    ReadBackquoted(parts, quote);
  } else if (c == '\\' && quoted && !is_pattern &&
             std::string_view("$`\"\\}\n").find(Peek(1)) == std::string_view::npos) {
    const std::size_t begin = position_;
    position_ = std::min(position_ + 2, text_.size());
    AddWritten(parts, begin, quote);
  } else {
    ReadQuoteOrBackslash(parts);
  }
}

// [...] from its opening bracket; brackets and quotes inside pair.
const Part* Lexer::ReadSubscript(bool quoted) {
  Parts parts;
  const std::size_t begin = position_++;
  int open = 1;
  std::size_t chunk = position_;
  while (!AtEnd()) {
    const char c = text_[position_];
    open += c == '[' ? 1 : (c == ']' ? -1 : 0);
    if (open == 0) {
      AddWritten(&parts, chunk, Quote::kDouble);
      ++position_;
      return parts.first;
    }
    if (c == '\'' || c == '"' || c == '\\' || c == '$' || c == '`') {
      AddWritten(&parts, chunk, Quote::kDouble);
      c == '$' && quoted ? ReadDollar(&parts, Quote::kDouble) : ReadQuoteOrBackslash(&parts);
      chunk = position_;
    } else {
      ++position_;
    }
  }
  if (!failed()) {
    FailAt(begin, "this bracket is never closed");
  }
  return nullptr;
}

}  // namespace safe_docker::shell
