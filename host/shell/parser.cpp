#include "parser.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace safe_docker::shell {

struct Parser::KeywordName {
  std::string_view text;
  Keyword keyword;
};

namespace {

bool IsDeclaration(const SyntaxWord* word) {
  constexpr std::array<std::string_view, 7> kDeclarations = {"declare",  "typeset", "local", "export",
                                                             "readonly", "eval",    "alias"};
  return word != nullptr && std::find(kDeclarations.begin(), kDeclarations.end(), word->written) != kDeclarations.end();
}

}  // namespace

Program Parse(std::string_view text, Arena* arena, int depth) { return Parser(text, arena, depth).ParseProgram(); }

Command* Parser::NewCommand(Command::Kind kind) const {
  Command* command = arena_->New<Command>();
  command->kind = kind;
  return command;
}

Parser::Keyword Parser::PeekKeyword() const {
  static constexpr std::array<KeywordName, 20> kKeywords = {
      {{"if", Keyword::kIf},         {"then", Keyword::kThen},
       {"else", Keyword::kElse},     {"elif", Keyword::kElif},
       {"fi", Keyword::kFi},         {"for", Keyword::kFor},
       {"select", Keyword::kSelect}, {"while", Keyword::kWhile},
       {"until", Keyword::kUntil},   {"do", Keyword::kDo},
       {"done", Keyword::kDone},     {"case", Keyword::kCase},
       {"esac", Keyword::kEsac},     {"function", Keyword::kFunction},
       {"coproc", Keyword::kCoproc}, {"{", Keyword::kOpenBrace},
       {"}", Keyword::kCloseBrace},  {"[[", Keyword::kCondition},
       {"time", Keyword::kTime},     {"!", Keyword::kNot}}};
  std::size_t length = 0;
  while (length < 9 && position_ + length < text_.size() && !EndsWord(Peek(length))) {
    ++length;
  }
  if (length == 0 || length > 8) {
    return Keyword::kNone;
  }
  const std::string_view word = text_.substr(position_, length);
  for (const KeywordName& each : kKeywords) {
    if (each.text == word) {
      return each.keyword;
    }
  }
  return Keyword::kNone;
}

bool Parser::TakeKeyword(Keyword keyword) {
  SkipNewlines();
  if (AtEnd() || PeekKeyword() != keyword) {
    return false;
  }
  while (!AtEnd() && !EndsWord(Peek())) {
    ++position_;
  }
  return true;
}

void Parser::Expect(Keyword keyword) {
  if (!TakeKeyword(keyword)) {
    Fail(Failure::kSyntax);
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
  program.broken_parts = broken_parts();
  return program;
}

// What bash reads before it runs anything: up to the end of a line that ends a list.
Command* Parser::ParseCompleteCommand() {
  Command* list = NewCommand(Command::Kind::kList);
  const std::size_t begin = position_;
  NodeList<Command> members;
  while (!failed()) {
    SkipBlanks();
    if (AtEnd() || Peek() == '\n') {
      break;
    }
    Command* command = ParseAndOr();
    members.Add(command);
    SkipBlanks();
    if (!AtEnd() && (LooksAt(";;") || (!Take(";") && !(Take("&") && (command->background = true)) && Peek() != '\n'))) {
      Fail(Failure::kSyntax);
    }
  }
  list->first = members.first;
  list->written = WrittenSince(begin);
  TakeNewline();
  return list;
}

bool Parser::AtListEnd() const {
  if (AtEnd() || Peek() == ')' || LooksAt(";;") || LooksAt(";&")) {
    return true;
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
const Command* Parser::ParseList() {
  const Nesting nesting(this);
  Command* list = NewCommand(Command::Kind::kList);
  NodeList<Command> members;
  const std::size_t begin = position_;
  while (!failed()) {
    SkipNewlines();
    if (AtListEnd()) {
      break;
    }
    Command* command = ParseAndOr();
    members.Add(command);
    SkipBlanks();
    if (!LooksAt(";;") && !LooksAt(";&") && !Take(";") && Take("&")) {
      command->background = true;
    } else if (!AtEnd() && Peek() != '\n' && text_[position_ - 1] != ';' && !AtListEnd()) {
      Fail(Failure::kSyntax);
    }
  }
  list->first = members.first;
  list->written = WrittenSince(begin);
  return list;
}

const Command* Parser::ParseNested(char closing) {
  const Command* list = ParseList();
  SkipNewlines();
  const bool closed = closing == '\0' ? AtEnd() : !AtEnd() && Peek() == closing;
  if (!closed) {
    Fail(Failure::kSyntax);
  } else if (closing != '\0') {
    ++position_;
  }
  return list;
}

Command* Parser::ParseAndOr() {
  Command* first = ParsePipeline();
  NodeList<Command> members;
  members.Add(first);
  while (!failed()) {
    SkipBlanks();
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
  and_or->written = first->written;
  return and_or;
}

// "!" and "time" in front of a pipeline.
void Parser::TakePrefixes(Command* command) {
  while (true) {
    SkipBlanks();
    if (AtEnd()) {
      return;
    }
    const Keyword keyword = PeekKeyword();
    if (keyword == Keyword::kNot) {
      command->negated = !command->negated;
      ++position_;
    } else if (keyword == Keyword::kTime) {
      position_ += 4;
      SkipBlanks();
      for (const std::string_view option : {std::string_view("-p"), std::string_view("--")}) {
        if (LooksAt(option) && EndsWord(Peek(option.size()))) {
          position_ += option.size();
          SkipBlanks();
        }
      }
    } else {
      return;
    }
  }
}

Command* Parser::ParsePipeline() {
  Command* pipeline = NewCommand(Command::Kind::kPipeline);
  SkipBlanks();
  const std::size_t begin = position_;
  TakePrefixes(pipeline);
  const bool has_prefix = position_ != begin;
  NodeList<Command> members;
  if (has_prefix && (AtEnd() || Peek() == '\n' || Peek() == ';' || Peek() == ')')) {
    pipeline->written = WrittenSince(begin);
    return pipeline;
  }
  members.Add(ParseCommand());
  while (!failed()) {
    SkipBlanks();
    if (LooksAt("||") || !Take("|")) {
      break;
    }
    const bool reads_errors = Take("&");
    SkipNewlines();
    TakePrefixes(pipeline);
    Command* member = ParseCommand();
    member->reads_errors = reads_errors;
    members.Add(member);
  }
  if (members.first->next == nullptr && !has_prefix) {
    return members.first;
  }
  pipeline->first = members.first;
  pipeline->written = WrittenSince(begin);
  return pipeline;
}

Command* Parser::ParseCommand() {
  SkipBlanks();
  Command* command = NewCommand(Command::Kind::kSimple);
  if (AtEnd()) {
    Fail(Failure::kSyntax);
    return command;
  }
  const Nesting nesting(this);
  if (failed()) {
    return command;
  }
  const std::size_t begin = position_;
  const Keyword keyword = PeekKeyword();
  if (AtCompound()) {
    command = ParseCompound(keyword);
    NodeList<Redirection> redirections;
    ParseRedirections(&redirections);
    command->redirections = redirections.first;
  } else if (keyword == Keyword::kFunction) {
    ParseFunction(command);
  } else if (keyword == Keyword::kCoproc) {
    ParseCoproc(command);
  } else if (AtListEnd()) {
    Fail(Failure::kSyntax);
  } else {
    ParseSimple(command);
  }
  command->written = WrittenSince(begin);
  return command;
}

// name=( ... ) from behind the opening parenthesis.
const SyntaxWord* Parser::ParseArray() {
  NodeList<SyntaxWord> elements;
  while (!failed()) {
    SkipNewlines();
    if (Take(")")) {
      break;
    }
    SyntaxWord* word = ReadWord(WordMode::kAssignment);
    if (AtEnd() || word->written.empty()) {
      Fail(Failure::kSyntax);
    }
    elements.Add(word);
  }
  return elements.first;
}

// The assignment that `word` is, or null. Its value shares the word's parts.
Assignment* Parser::AsAssignment(SyntaxWord* word) {
  const Part* first = word->parts;
  if (first == nullptr || first->kind != Part::Kind::kLiteral || first->quoted) {
    return nullptr;
  }
  const Part* subscript =
      first->next != nullptr && first->next->kind == Part::Kind::kArraySubscript ? first->next : nullptr;
  const Part* literal = subscript == nullptr ? first : subscript->next;
  if (literal == nullptr || literal->kind != Part::Kind::kLiteral || literal->quoted) {
    return nullptr;
  }
  const std::size_t equals = literal->text.find('=');
  if (equals == std::string_view::npos) {
    return nullptr;
  }
  const bool append = equals > 0 && literal->text[equals - 1] == '+';
  const std::string_view before = literal->text.substr(0, equals - (append ? 1 : 0));
  const std::string_view name = subscript == nullptr ? before : first->text;
  if (!IsName(name) || (subscript != nullptr && !before.empty())) {
    return nullptr;
  }
  Part* value = arena_->New<Part>();
  value->text = literal->text.substr(equals + 1);
  value->next = literal->next;
  SyntaxWord* value_word = arena_->New<SyntaxWord>();
  value_word->parts = value->text.empty() && value->next != nullptr ? value->next : value;
  value_word->written = word->written;
  value_word->is_array = word->is_array;
  value_word->elements = word->elements;
  Assignment* assignment = arena_->New<Assignment>();
  assignment->name = name;
  assignment->append = append;
  assignment->subscript = subscript == nullptr ? nullptr : subscript->argument;
  assignment->value = value_word;
  return assignment;
}

void Parser::ParseSimple(Command* command) {
  NodeList<SyntaxWord> words;
  NodeList<Assignment> assignments;
  NodeList<Redirection> redirections;
  while (!failed()) {
    SkipBlanks();
    if (AtEnd() || ParseRedirection(&redirections)) {
      if (AtEnd()) {
        break;
      }
      continue;
    }
    const std::size_t begin = position_;
    SyntaxWord* word = ReadWord(words.first == nullptr ? WordMode::kAssignment : WordMode::kPlain);
    if (word->written.empty()) {
      break;
    }
    const bool may_assign = words.first == nullptr || IsDeclaration(words.first);
    if (may_assign && word->written.ends_with('=') && Take("(")) {
      word->is_array = true;
      word->elements = ParseArray();
      word->written = WrittenSince(begin);
    }
    Assignment* assignment = words.first == nullptr ? AsAssignment(word) : nullptr;
    if (assignment != nullptr) {
      assignments.Add(assignment);
      continue;
    }
    const bool lonely = words.first == nullptr && assignments.first == nullptr && redirections.first == nullptr;
    if (lonely && ParseFunctionParenthesis(command, word)) {
      return;
    }
    words.Add(word);
  }
  if (words.first == nullptr && assignments.first == nullptr && redirections.first == nullptr) {
    Fail(Failure::kSyntax);
  }
  command->words = words.first;
  command->assignments = assignments.first;
  command->redirections = redirections.first;
}

void Parser::ParseRedirections(NodeList<Redirection>* list) {
  do {
    SkipBlanks();
  } while (!AtEnd() && ParseRedirection(list));
}

// How far behind the position the '<' or '>' of a redirection stands; npos if none does.
std::size_t Parser::RedirectionOffset() const {
  std::size_t offset = 0;
  if (Peek() == '{') {
    do {
      ++offset;
    } while (IsNameCharacter(Peek(offset)));
    if (offset == 1 || Peek(offset++) != '}') {
      return std::string_view::npos;
    }
  } else {
    while (Peek(offset) >= '0' && Peek(offset) <= '9') {
      ++offset;
    }
  }
  const char c = Peek(offset);
  const bool redirects = c == '<' || c == '>';
  const bool process = redirects && Peek(offset + 1) == '(' && offset == 0;
  return redirects && !process ? offset : std::string_view::npos;
}

bool Parser::ParseRedirection(NodeList<Redirection>* list) {
  struct Operator {
    std::string_view text;
    Redirection::Kind kind;
  };
  using Kind = Redirection::Kind;
  static constexpr std::array<Operator, 13> kOperators = {{{"&>>", Kind::kOutput},
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
                                                           {">", Kind::kOutput},
                                                           {"", Kind::kOutput}}};
  const bool both = LooksAt("&>");
  const std::size_t offset = both ? 0 : RedirectionOffset();
  if (offset == std::string_view::npos) {
    return false;
  }
  const std::string_view descriptor = text_.substr(position_, offset);
  position_ += offset;
  const auto* found =
      std::find_if(kOperators.begin(), kOperators.end(), [this](const Operator& each) { return LooksAt(each.text); });
  Redirection* redirection = arena_->New<Redirection>();
  redirection->kind = found->kind;
  redirection->both = both || (found->text == ">&" && descriptor.empty());
  redirection->appends = found->text.ends_with(">>");
  const bool input = found->text[0] == '<';
  redirection->descriptor = descriptor.empty()            ? (input ? 0 : 1)
                            : descriptor.starts_with('{') ? -1
                            : descriptor.size() > 3       ? 999
                                                          : std::stoi(std::string(descriptor));
  position_ += found->text.size();
  SkipBlanks();
  const SyntaxWord* target = ReadWord(WordMode::kPlain);
  if (target->written.empty()) {
    Fail(Failure::kSyntax);
    return true;
  }
  if (found->kind == Kind::kHereDocument) {
    AddHereDocument(redirection, target, found->text == "<<-");
  } else {
    redirection->target = target;
  }
  list->Add(redirection);
  return true;
}

}  // namespace safe_docker::shell
