#include "parser.hpp"

#include <algorithm>

namespace safe_docker::shell {

struct Parser::KeywordName {
  std::string_view text;
  Keyword keyword;
  std::string_view expected;
};

const Parser::KeywordName Parser::kKeywords[] = {
    {"if", Keyword::kIf, "expected 'if'"},
    {"then", Keyword::kThen, "expected 'then'"},
    {"fi", Keyword::kFi, "expected 'fi'"},
    {"else", Keyword::kElse, "expected 'else'"},
    {"elif", Keyword::kElif, "expected 'elif'"},
    {"for", Keyword::kFor, "expected 'for'"},
    {"do", Keyword::kDo, "expected 'do'"},
    {"done", Keyword::kDone, "expected 'done'"},
    {"case", Keyword::kCase, "expected 'case'"},
    {"esac", Keyword::kEsac, "expected 'esac'"},
    {"in", Keyword::kIn, "expected 'in'"},
    {"while", Keyword::kWhile, "expected 'while'"},
    {"until", Keyword::kUntil, "expected 'until'"},
    {"{", Keyword::kOpenBrace, "expected '{'"},
    {"}", Keyword::kCloseBrace, "expected '}'"},
    {"[[", Keyword::kCondition, "expected '[['"},
    {"!", Keyword::kNot, "expected '!'"},
    {"time", Keyword::kTime, "expected 'time'"},
    {"select", Keyword::kSelect, "expected 'select'"},
    {"function", Keyword::kFunction, "expected 'function'"},
    {"coproc", Keyword::kCoproc, "expected 'coproc'"},
};

Program Parse(std::string_view text, Arena* arena, int depth) { return Parser(text, arena, depth).ParseProgram(); }

std::string Describe(const SyntaxError& error, std::string_view text) {
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(error.offset), '\n');
  const std::string place = "line " + std::to_string(line) + ": ";
  if (error.message.starts_with("this ") || error.message.starts_with("nested ")) {
    return place + std::string(error.message);
  }
  const std::string token = error.token.empty() ? "end of the text" : "'" + std::string(error.token) + "'";
  const std::string unexpected = place + "unexpected " + (error.token == "\n" ? "end of the line" : token);
  return error.message.empty() ? unexpected : unexpected + ", " + std::string(error.message);
}

Command* Parser::NewCommand(Command::Kind kind) const {
  Command* command = arena_->New<Command>();
  command->kind = kind;
  return command;
}

Compound* Parser::AddCompound(Command* command) const {
  Compound* compound = arena_->New<Compound>();
  command->compound = compound;
  return compound;
}

Parser::Keyword Parser::FindKeyword(std::size_t* length) const {
  std::size_t end = 0;
  while (end < 9 && position_ + end < text_.size() && !EndsWord(text_[position_ + end]) &&
         text_[position_ + end] != '\\') {
    ++end;
  }
  const bool continued = position_ + end < text_.size() && text_[position_ + end] == '\\' && end < 9;
  if (end > 8 || (end == 0 && !continued)) {
    return Keyword::kNone;
  }
  const std::string_view word = text_.substr(position_, end);
  for (const KeywordName& each : kKeywords) {
    if (!continued && (each.text[0] != word[0] || each.text != word)) {
      continue;
    }
    *length = continued ? Match(each.text) : end;
    if (*length != 0 && EndsWord(Peek(*length))) {
      return each.keyword;
    }
  }
  return Keyword::kNone;
}

// The keyword at the position, which is looked for once only.
Parser::Keyword Parser::PeekKeyword() {
  const char c = AtEnd() ? '\0' : text_[position_];
  if (!Is(kKeywordCharacter, c) && c != '\\') {
    return Keyword::kNone;
  }
  if (keyword_place_ != text_.data() + position_) {
    keyword_place_ = text_.data() + position_;
    keyword_ = FindKeyword(&keyword_length_);
  }
  return keyword_;
}

bool Parser::AtKeyword(Keyword keyword) { return PeekKeyword() == keyword && !AtEnd(); }

bool Parser::TakeKeyword(Keyword keyword) {
  SkipNewlines();
  if (!AtKeyword(keyword)) {
    return false;
  }
  TakePeekedKeyword();
  return true;
}

void Parser::Expect(Keyword keyword) {
  if (!TakeKeyword(keyword)) {
    const auto* name = std::find_if(std::begin(kKeywords), std::end(kKeywords),
                                    [keyword](const KeywordName& each) { return each.keyword == keyword; });
    Fail(name->expected);
  }
}

bool Parser::SkipNewlines() {
  bool any = false;
  for (SkipBlanks(); TakeNewline(); SkipBlanks()) {
    any = true;
  }
  return any;
}

Program Parser::ParseProgram() {
  Program program;
  Command* list = NewCommand(Command::Kind::kList);
  NodeList<Command> members;
  while (!failed()) {
    SkipNewlines();
    if (AtEnd()) {
      break;
    }
    const std::size_t begin = position_;
    Command* command = ParseCompleteCommand();
    if (failed()) {
      program.rest = text_.substr(begin);
      break;
    }
    members.Add(command);
  }
  list->first = members.first;
  list->written = text_;
  program.commands = list;
  program.failure = failure();
  program.error = error();
  program.has_late_body = has_late_body();
  program.broken_parts = broken_parts();
  return program;
}

// ";" or "&" behind a command; true if one stood there.
bool Parser::TakeSeparator(Command* command) {
  SkipBlanks();
  if (AtEnd() || LooksAt(";;") || LooksAt(";&")) {
    return false;
  }
  if (Take(";")) {
    return true;
  }
  command->background = Take("&");
  return command->background;
}

// What bash reads before it runs anything: up to the end of a line that ends a list.
Command* Parser::ParseCompleteCommand() {
  Command* list = NewCommand(Command::Kind::kList);
  const std::size_t begin = position_;
  NodeList<Command> members;
  do {
    Command* command = ParseAndOr();
    members.Add(command);
    const bool separated = TakeSeparator(command);
    SkipBlanks();
    if (AtEnd() || text_[position_] == '\n') {
      break;
    }
    if (!separated) {
      Fail({});
    }
  } while (!failed());
  list->first = members.first;
  list->written = WrittenSince(begin);
  TakeNewline();
  return list;
}

bool Parser::AtListEnd() {
  if (AtEnd()) {
    return true;
  }
  const char c = text_[position_];
  if (c == ')' || c == ';') {
    return c == ')' || LooksAt(";;") || LooksAt(";&");
  }
  switch (PeekKeyword()) {
    case Keyword::kThen:
    case Keyword::kElse:
    case Keyword::kElif:
    case Keyword::kFi:
    case Keyword::kDo:
    case Keyword::kDone:
    case Keyword::kEsac:
    case Keyword::kCloseBrace:
      return true;
    default:
      return false;
  }
}

// Commands up to a word or sign that ends the surrounding construct, which is left standing.
const Command* Parser::ParseList(bool may_be_empty) {
  const Nesting nesting(this);
  Command* list = NewCommand(Command::Kind::kList);
  NodeList<Command> members;
  SkipNewlines();
  const std::size_t begin = position_;
  bool separated = true;
  while (!failed() && !AtListEnd()) {
    if (!separated) {
      Fail({});
      break;
    }
    Command* command = ParseAndOr();
    if (failed()) {
      break;  // what there is of it is no command
    }
    members.Add(command);
    separated = TakeSeparator(command);
    separated = SkipNewlines() || separated;
  }
  // A keyword ends the list only where a command may begin.
  const bool ended = separated || keyword_may_follow_ || AtEnd() || EndsWord(Peek());
  if (!failed() && (!ended || (members.first == nullptr && !may_be_empty))) {
    Fail(members.first == nullptr ? "expected a command" : "");
  }
  list->first = members.first;
  list->written = WrittenSince(begin);
  return list;
}

const Command* Parser::ParseNested(char closing) {
  const Command* list = ParseList(true);
  SkipNewlines();
  if (failed()) {
    return list;
  }
  if (closing == '\0' ? !AtEnd() : AtEnd() || text_[position_] != closing) {
    Fail({});
  }
  position_ += closing != '\0' && !failed() ? 1 : 0;
  return list;
}

Command* Parser::ParseAndOr() {
  SkipBlanks();
  const std::size_t begin = position_;
  Command* first = ParsePipeline();
  NodeList<Command> members;
  members.Add(first);
  while (!failed()) {
    SkipBlanks();
    const char c = Peek();
    if (c != '&' && c != '|' && c != '\\') {
      break;
    }
    const bool is_and = Take("&&");
    if (!is_and && !Take("||")) {
      break;
    }
    SkipNewlines();
    Command* member = ParsePipeline();
    member->connector = is_and ? Command::Connector::kAnd : Command::Connector::kOr;
    members.Add(member);
  }
  if (first->next == nullptr) {
    return first;
  }
  Command* and_or = NewCommand(Command::Kind::kAndOr);
  and_or->first = first;
  and_or->written = WrittenSince(begin);
  return and_or;
}

// Returns where the last one ends.
std::size_t Parser::TakeTimeOptions(Command* command) {
  std::size_t end = position_;
  for (const std::string_view option : {std::string_view("-p"), std::string_view("--")}) {
    SkipBlanks();
    const std::size_t length = Match(option);
    if (length != 0 && EndsWord(Peek(length))) {
      command->timed_posix = command->timed_posix || option == "-p";
      position_ += length;
      end = position_;
    }
  }
  return end;
}

// "!" and "time" in front of a pipeline.
void Parser::TakePrefixes(Command* command) {
  const std::size_t begin = position_;
  std::size_t end = begin;
  while (AtKeyword(Keyword::kNot) || AtKeyword(Keyword::kTime)) {
    const bool is_not = keyword_ == Keyword::kNot;
    TakePeekedKeyword();
    end = position_;
    if (is_not) {
      command->negated = !command->negated;
    } else {
      command->timed = true;
      end = TakeTimeOptions(command);
    }
    SkipBlanks();
  }
  AddCompound(command)->prefix = text_.substr(begin, end - begin);
}

// Whether "!" or "time" may stand alone here.
bool Parser::AtPrefixEnd() {
  return AtEnd() || Peek() == '\n' ||
         (Peek() == ')' && in_substitution() && !Is(kBlankCharacter, text_[position_ - 1])) ||
         (Peek() == ';' && !LooksAt(";;") && !LooksAt(";&"));
}

Command* Parser::ParsePipeline() {
  SkipBlanks();
  const std::size_t begin = position_;
  Command* pipeline = nullptr;
  if (AtKeyword(Keyword::kNot) || AtKeyword(Keyword::kTime)) {
    pipeline = NewCommand(Command::Kind::kPipeline);
    TakePrefixes(pipeline);
    if (AtPrefixEnd()) {
      pipeline->written = WrittenSince(begin);
      return pipeline;
    }
  }
  NodeList<Command> members;
  members.Add(ParseCommand());
  while (!failed()) {
    SkipBlanks();
    const char c = Peek();
    if ((c != '|' && c != '\\') || LooksAt("||")) {
      break;
    }
    const bool both = Take("|&");
    if (!both && !Take("|")) {
      break;
    }
    SkipNewlines();
    Command* member = ParseCommand();
    member->connector = both ? Command::Connector::kPipeBoth : Command::Connector::kPipe;
    members.Add(member);
  }
  if (members.first->next == nullptr && pipeline == nullptr) {
    return members.first;
  }
  pipeline = pipeline == nullptr ? NewCommand(Command::Kind::kPipeline) : pipeline;
  pipeline->first = members.first;
  pipeline->written = WrittenSince(begin);
  return pipeline;
}

Command* Parser::ParseCommand() {
  SkipBlanks();
  Command* command = NewCommand(Command::Kind::kSimple);
  const Nesting nesting(this);
  if (failed()) {
    return command;
  }
  const std::size_t begin = position_;
  const Keyword keyword = PeekKeyword();
  if (AtCompound()) {
    ParseCompound(command, keyword);
    NodeList<Redirection> redirections;
    ParseRedirections(&redirections);
    command->redirections = redirections.first;
    keyword_may_follow_ = redirections.first == nullptr;
  } else if (AtKeyword(Keyword::kFunction)) {
    ParseFunction(command);
  } else if (AtKeyword(Keyword::kCoproc)) {
    ParseCoproc(command);
  } else if (AtListEnd() || AtKeyword(Keyword::kIn) || (AtKeyword(Keyword::kNot) && Peek(keyword_length_) != '(')) {
    Fail("expected a command");
  } else {
    keyword_may_follow_ = false;
    ParseSimple(command);
  }
  command->written = WrittenSince(begin);
  return command;
}

}  // namespace safe_docker::shell
