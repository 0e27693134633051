// The part of the parser that reads compound commands: groups, if, loops, case, functions, coprocesses.
#include "parser.hpp"

namespace safe_docker::shell {

bool Parser::AtCompound() {
  if (AtEnd()) {
    return false;
  }
  switch (PeekKeyword()) {
    case Keyword::kIf:
    case Keyword::kFor:
    case Keyword::kSelect:
    case Keyword::kWhile:
    case Keyword::kUntil:
    case Keyword::kCase:
    case Keyword::kOpenBrace:
    case Keyword::kCondition:
      return true;
    default:
      return Peek() == '(';
  }
}

void Parser::ParseCompound(Command* command, Keyword keyword) {
  if (Peek() == '(') {
    ParseParenthesis(command);
    return;
  }
  TakePeekedKeyword();
  switch (keyword) {
    case Keyword::kIf:
      ParseIf(command);
      break;
    case Keyword::kWhile:
    case Keyword::kUntil:
      command->until = keyword == Keyword::kUntil;
      ParseLoop(command);
      break;
    case Keyword::kFor:
    case Keyword::kSelect:
      command->select = keyword == Keyword::kSelect;
      ParseFor(command);
      break;
    case Keyword::kCase:
      ParseCase(command);
      break;
    case Keyword::kCondition:
      ParseCondition(command);
      break;
    default:
      command->kind = Command::Kind::kGroup;
      command->first = ParseList(false);
      Expect(Keyword::kCloseBrace);
  }
}

void Parser::ParseParenthesis(Command* command) {
  const std::size_t begin = position_++;
  SkipContinuations();
  if (!AtEnd() && Peek() == '(') {
    ++position_;
    const Part* parts = nullptr;
    std::string_view inner;
    std::size_t lonely = 0;
    if (ReadArithmetic(&parts, &inner, &lonely)) {
      command->kind = Command::Kind::kArithmetic;
      SyntaxWord* word = arena_->New<SyntaxWord>();
      word->parts = parts;
      word->written = inner;
      command->words = word;
      return;
    }
    if (!failed() && text_.substr(lonely + 1).starts_with('\n')) {
      FailAt(begin, "bash does not read such parentheses when a line ends behind the first that closes");
      return;
    }
  }
  command->kind = Command::Kind::kSubshell;
  command->first = ParseList(false);
  if (!failed() && (AtEnd() || !Take(")"))) {
    Fail({});
  }
  ExplainFailure(begin, "this parenthesis is never closed");
}

// From behind "if". A chain of "elif" may be long: it nests in the tree but not here.
void Parser::ParseIf(Command* command) {
  Command* branch = command;
  while (true) {
    branch->kind = Command::Kind::kIf;
    branch->first = ParseList(false);
    Expect(Keyword::kThen);
    branch->second = ParseList(false);
    if (failed() || !TakeKeyword(Keyword::kElif)) {
      break;
    }
    Command* other = NewCommand(Command::Kind::kIf);
    other->elif = true;
    other->written = text_.substr(position_ - keyword_length_, keyword_length_);
    AddCompound(branch)->third = other;
    branch = other;
  }
  if (TakeKeyword(Keyword::kElse)) {
    AddCompound(branch)->third = ParseList(false);
  }
  Expect(Keyword::kFi);
}

void Parser::ParseLoop(Command* command) {
  command->kind = Command::Kind::kLoop;
  command->first = ParseList(false);
  ParseBody(command, false);
}

// do ... done or, where a line's end or ';' stands in front, { ... }
void Parser::ParseBody(Command* command, bool may_be_brace) {
  SkipNewlines();
  command->brace_body = may_be_brace && AtKeyword(Keyword::kOpenBrace);
  Expect(command->brace_body ? Keyword::kOpenBrace : Keyword::kDo);
  command->second = ParseList(false);
  Expect(command->brace_body ? Keyword::kCloseBrace : Keyword::kDone);
}

void Parser::ParseFor(Command* command) {
  SkipBlanks();
  if (!command->select && !AtEnd() && Take("((")) {
    ParseForArithmetic(command);
    return;
  }
  command->kind = Command::Kind::kFor;
  const SyntaxWord* name = ReadWord(WordMode::kPlain);
  if (name == nullptr) {
    Fail("expected a name");
    return;
  }
  command->name = name->written;
  SkipBlanks();
  bool separated = !AtEnd() && !LooksAt(";;") && Take(";");
  if (!separated) {
    separated = SkipNewlines();
    if (AtKeyword(Keyword::kIn)) {
      TakePeekedKeyword();
      ParseForWords(command);
      separated = true;
    }
  }
  ParseBody(command, separated);
}

// From behind "in" up to and with what ends the list.
void Parser::ParseForWords(Command* command) {
  command->over_list = true;
  NodeList<SyntaxWord> words;
  SkipBlanks();
  while (SyntaxWord* word = ReadWord(WordMode::kPlain)) {
    words.Add(word);
    SkipBlanks();
  }
  command->words = words.first;
  if (AtEnd() || (Peek() != '\n' && (LooksAt(";;") || !Take(";")))) {
    Fail("expected ';'");
  }
}

void Parser::ParseForArithmetic(Command* command) {
  command->kind = Command::Kind::kForArithmetic;
  const std::size_t begin = position_;
  const Part* parts = nullptr;
  std::string_view inner;
  std::size_t lonely = 0;
  if (!ReadArithmetic(&parts, &inner, &lonely) || !SplitExpressions(inner, command)) {
    FailAt(begin, "expected three arithmetic expressions");
    return;
  }
  SkipBlanks();
  if (!AtEnd() && !LooksAt(";;")) {
    Take(";");
  }
  ParseBody(command, true);
}

// The three expressions of for ((;;)), which may be empty. False if there are not three.
bool Parser::SplitExpressions(std::string_view inner, Command* command) {
  NodeList<SyntaxWord> words;
  std::size_t begin = 0;
  std::size_t count = 0;
  char quote = '\0';
  int open = 0;
  const auto add = [&](std::size_t end) {
    SyntaxWord* word = arena_->New<SyntaxWord>();
    word->written = inner.substr(begin, end - begin);
    word->parts = ReadArithmeticPiece(word->written);
    words.Add(word);
    begin = end + 1;
    ++count;
  };
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const char c = inner[i];
    if (c == '\\') {
      ++i;
    } else if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '(' || c == '{') {
      ++open;
    } else if (c == ')' || c == '}') {
      --open;
    } else if (c == ';' && open <= 0) {
      add(i);
    }
  }
  add(inner.size());
  command->words = words.first;
  return count == 3 && !failed();
}

void Parser::ParseCase(Command* command) {
  command->kind = Command::Kind::kCase;
  SkipBlanks();
  command->words = ReadWord(WordMode::kPlain);
  if (command->words == nullptr) {
    Fail("expected a word");
  }
  Expect(Keyword::kIn);
  NodeList<CaseItem> items;
  while (!failed() && !TakeKeyword(Keyword::kEsac)) {
    if (items.last != nullptr && items.last->terminator == CaseItem::Terminator::kMissing) {
      Fail("expected ';;' or 'esac'");
      break;
    }
    ParseCaseItem(&items);
  }
  AddCompound(command)->items = items.first;
}

void Parser::ParseCaseItem(NodeList<CaseItem>* items) {
  CaseItem* item = arena_->New<CaseItem>();
  const std::size_t begin = position_;
  ParsePatterns(item);
  if (failed()) {
    return;
  }
  item->body = ParseList(true);
  if (AtEnd()) {
    item->terminator = CaseItem::Terminator::kMissing;
  } else if (Take(";;&")) {
    item->terminator = CaseItem::Terminator::kTestNext;
  } else if (Take(";;")) {
    item->terminator = CaseItem::Terminator::kBreak;
  } else if (Take(";&")) {
    item->terminator = CaseItem::Terminator::kFallThrough;
  }
  item->written = WrittenSince(begin);
  items->Add(item);
}

void Parser::ParsePatterns(CaseItem* item) {
  item->parenthesis = !AtEnd() && Take("(");
  NodeList<SyntaxWord> patterns;
  do {
    SkipBlanks();
    SyntaxWord* pattern = ReadWord(WordMode::kPlain);
    if (pattern == nullptr) {
      Fail("expected a pattern");
      return;
    }
    patterns.Add(pattern);
    SkipBlanks();
  } while (!AtEnd() && !LooksAt("||") && Take("|"));
  item->patterns = patterns.first;
  if (AtEnd() || !Take(")")) {
    Fail("expected ')'");
  }
}

void Parser::ParseFunction(Command* command) {
  TakePeekedKeyword();
  command->function_keyword = true;
  SkipBlanks();
  const SyntaxWord* name = ReadWord(WordMode::kPlain);
  if (name == nullptr) {
    Fail("expected a name");
    return;
  }
  if (!ParseFunctionParenthesis(command, name)) {
    command->name = name->written;
    ParseFunctionBody(command);
  }
}

bool Parser::ParseFunctionParenthesis(Command* command, const SyntaxWord* name) {
  SkipBlanks();
  if (AtEnd() || Peek() != '(') {
    return false;
  }
  const std::size_t begin = position_;
  ++position_;
  SkipBlanks();
  if (AtEnd() || !Take(")")) {
    position_ = begin;
    return false;
  }
  command->name = name->written;
  command->function_parentheses = true;
  ParseFunctionBody(command);
  return true;
}

void Parser::ParseFunctionBody(Command* command) {
  command->kind = Command::Kind::kFunction;
  SkipNewlines();
  if (!AtCompound()) {
    Fail("expected the function's body");
    return;
  }
  command->first = ParseCommand();
}

void Parser::ParseCoproc(Command* command) {
  TakePeekedKeyword();
  command->kind = Command::Kind::kCoproc;
  SkipBlanks();
  if (!AtCompound() && !AtListEnd() && PeekKeyword() == Keyword::kNone) {
    const std::size_t begin = position_;
    const SyntaxWord* name = ReadWord(WordMode::kAssignment);
    SkipBlanks();
    if (name != nullptr && AtCompound()) {
      command->name = name->written;
    } else if (PeekKeyword() != Keyword::kNone && PeekKeyword() != Keyword::kTime && PeekKeyword() != Keyword::kIn) {
      Fail({});
    } else if (!failed()) {
      position_ = begin;  // the word was the command's, not the coprocess's name
    }
  }
  command->first = ParseCommand();
  const Command::Kind kind = command->first->kind;
  if (kind == Command::Kind::kFunction || kind == Command::Kind::kCoproc) {
    FailAt(static_cast<std::size_t>(command->first->written.data() - text_.data()), "expected a command");
  }
}

}  // namespace safe_docker::shell
