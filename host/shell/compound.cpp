// The part of the parser that reads compound commands: if, loops, case, [[ ]], (( )), functions, coprocesses.
#include "parser.hpp"

namespace safe_docker::shell {

bool Parser::AtCompound() const {
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

Command* Parser::ParseCompound(Keyword keyword) {
  Command* command = NewCommand(Command::Kind::kGroup);
  if (keyword == Keyword::kNone) {
    ParseParenthesis(command);
    return command;
  }
  TakeKeyword(keyword);
  switch (keyword) {
    case Keyword::kIf:
      ParseIf(command);
      break;
    case Keyword::kWhile:
    case Keyword::kUntil:
      ParseLoop(command);
      break;
    case Keyword::kFor:
    case Keyword::kSelect:
      ParseFor(command);
      break;
    case Keyword::kCase:
      ParseCase(command);
      break;
    case Keyword::kCondition:
      ParseCondition(command);
      break;
    default:
      command->first = ParseList();
      Expect(Keyword::kCloseBrace);
  }
  return command;
}

void Parser::ParseParenthesis(Command* command) {
  ++position_;
  if (Peek() == '(' && !AtEnd()) {
    ++position_;
    const Part* parts = nullptr;
    if (ReadArithmetic(&parts)) {
      command->kind = Command::Kind::kArithmetic;
      SyntaxWord* word = arena_->New<SyntaxWord>();
      word->parts = parts;
      command->words = word;
      return;
    }
  }
  command->kind = Command::Kind::kSubshell;
  command->first = ParseNested(')');
}

// From behind "if" or "elif".
void Parser::ParseIf(Command* command) {
  const Nesting nesting(this);
  command->kind = Command::Kind::kIf;
  command->first = ParseList();
  Expect(Keyword::kThen);
  command->second = ParseList();
  if (TakeKeyword(Keyword::kElif)) {
    Command* other = NewCommand(Command::Kind::kIf);
    ParseIf(other);
    command->third = other;
    return;
  }
  if (TakeKeyword(Keyword::kElse)) {
    command->third = ParseList();
  }
  Expect(Keyword::kFi);
}

void Parser::ParseLoop(Command* command) {
  command->kind = Command::Kind::kLoop;
  command->first = ParseList();
  Expect(Keyword::kDo);
  command->second = ParseList();
  Expect(Keyword::kDone);
}

const Command* Parser::ParseDoGroup() {
  SkipNewlines();
  const bool braces = !AtEnd() && PeekKeyword() == Keyword::kOpenBrace;
  Expect(braces ? Keyword::kOpenBrace : Keyword::kDo);
  const Command* body = ParseList();
  Expect(braces ? Keyword::kCloseBrace : Keyword::kDone);
  return body;
}

void Parser::ParseFor(Command* command) {
  SkipBlanks();
  if (Take("((")) {
    command->kind = Command::Kind::kForArithmetic;
    SyntaxWord* word = arena_->New<SyntaxWord>();
    if (!ReadArithmetic(&word->parts)) {
      Fail(Failure::kSyntax);
    }
    command->words = word;
    SkipBlanks();
    Take(";");
    command->second = ParseDoGroup();
    return;
  }
  command->kind = Command::Kind::kFor;
  command->name = ReadWord(WordMode::kPlain)->written;
  if (command->name.empty()) {
    Fail(Failure::kSyntax);
    return;
  }
  SkipNewlines();
  if (LooksAt("in") && EndsWord(Peek(2))) {
    position_ += 2;
    command->over_list = true;
    NodeList<SyntaxWord> words;
    SkipBlanks();
    while (!AtEnd() && Peek() != ';' && Peek() != '\n') {
      SyntaxWord* word = ReadWord(WordMode::kPlain);
      if (word->written.empty()) {
        Fail(Failure::kSyntax);
      }
      words.Add(word);
      SkipBlanks();
    }
    command->words = words.first;
  }
  SkipBlanks();
  Take(";");
  command->second = ParseDoGroup();
}

void Parser::ParseCase(Command* command) {
  command->kind = Command::Kind::kCase;
  SkipBlanks();
  command->words = ReadWord(WordMode::kPlain);
  SkipNewlines();
  if (!Take("in")) {
    Fail(Failure::kSyntax);
  }
  NodeList<CaseItem> items;
  while (!failed() && !TakeKeyword(Keyword::kEsac)) {
    ParseCaseItem(&items);
  }
  command->items = items.first;
}

void Parser::ParseCaseItem(NodeList<CaseItem>* items) {
  CaseItem* item = arena_->New<CaseItem>();
  SkipNewlines();
  Take("(");
  NodeList<SyntaxWord> patterns;
  do {
    SkipBlanks();
    SyntaxWord* pattern = ReadWord(WordMode::kPlain);
    if (pattern->written.empty()) {
      Fail(Failure::kSyntax);
    }
    patterns.Add(pattern);
    SkipBlanks();
  } while (Take("|"));
  if (!Take(")")) {
    Fail(Failure::kSyntax);
  }
  item->patterns = patterns.first;
  item->body = ParseList();
  items->Add(item);
  if (!Take(";;&") && !Take(";;") && !Take(";&") && (AtEnd() || PeekKeyword() != Keyword::kEsac)) {
    Fail(Failure::kSyntax);
  }
}

// From behind "[[": only the words matter, for what they expand.
void Parser::ParseCondition(Command* command) {
  command->kind = Command::Kind::kCondition;
  NodeList<SyntaxWord> words;
  bool regex = false;
  while (!failed()) {
    SkipNewlines();
    if (AtEnd()) {
      Fail(Failure::kSyntax);
      return;
    }
    if (!regex && (Take("&&") || Take("||") || Take("(") || Take(")"))) {
      continue;
    }
    if (!regex && (Peek() == '<' || Peek() == '>') && Peek(1) != '(') {
      ++position_;
      continue;
    }
    SyntaxWord* word = ReadWord(regex ? WordMode::kRegex : WordMode::kPlain);
    if (word->written.empty()) {
      Fail(Failure::kSyntax);
    }
    if (word->written == "]]" && !regex) {
      break;
    }
    regex = word->written == "=~";
    words.Add(word);
  }
  command->words = words.first;
}

void Parser::ParseFunction(Command* command) {
  TakeKeyword(Keyword::kFunction);
  SkipBlanks();
  const SyntaxWord* name = ReadWord(WordMode::kPlain);
  if (name->written.empty()) {
    Fail(Failure::kSyntax);
    return;
  }
  if (!ParseFunctionParenthesis(command, name)) {
    command->name = name->written;
    ParseFunctionBody(command);
  }
}

bool Parser::ParseFunctionParenthesis(Command* command, const SyntaxWord* name) {
  SkipBlanks();
  if (!LooksAt("(")) {
    return false;
  }
  const std::size_t begin = position_;
  ++position_;
  SkipBlanks();
  if (!Take(")")) {
    position_ = begin;
    return false;
  }
  command->name = name->written;
  ParseFunctionBody(command);
  return true;
}

void Parser::ParseFunctionBody(Command* command) {
  command->kind = Command::Kind::kFunction;
  SkipNewlines();
  if (!AtCompound()) {
    Fail(Failure::kSyntax);
    return;
  }
  command->first = ParseCommand();
}

void Parser::ParseCoproc(Command* command) {
  TakeKeyword(Keyword::kCoproc);
  command->kind = Command::Kind::kCoproc;
  SkipBlanks();
  const std::size_t begin = position_;
  if (!AtCompound() && IsNameCharacter(Peek())) {
    ReadWord(WordMode::kPlain);
    SkipBlanks();
    if (!AtCompound() && !failed()) {
      position_ = begin;  // the word was the command's, not the coprocess's name
    }
  }
  command->first = ParseCommand();
}

}  // namespace safe_docker::shell
