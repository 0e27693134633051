// The part of the parser that reads [[ ]].
#include <algorithm>
#include <array>

#include "parser.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::string_view kUnaryLetters = "abcdefghknoprstuvwxzGLNORS";
constexpr std::array<std::string_view, 13> kBinaryOperators = {"==",  "!=",  "=~",  "=",   "-eq", "-ne", "-lt",
                                                               "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};

bool IsUnaryOperator(std::string_view word) {
  return word.size() == 2 && word[0] == '-' && kUnaryLetters.find(word[1]) != std::string_view::npos;
}

}  // namespace

// From behind "[[".
void Parser::ParseCondition(Command* command) {
  command->kind = Command::Kind::kCondition;
  NodeList<SyntaxWord> words;
  AddCompound(command)->condition = ParseConditionOr(&words);
  command->words = words.first;
  if (!failed() && !AtConditionEnd()) {
    Fail("expected ']]'");
  }
  position_ += failed() ? 0 : 2;
}

bool Parser::AtConditionEnd() const { return LooksAt("]]") && EndsWord(Peek(2)); }

Condition* Parser::JoinConditions(Condition::Kind kind, NodeList<Condition> members, std::size_t begin) {
  if (members.first->next == nullptr) {
    return members.first;
  }
  Condition* joined = arena_->New<Condition>();
  joined->kind = kind;
  joined->first = members.first;
  joined->written = WrittenSince(begin);
  return joined;
}

Condition* Parser::ParseConditionOr(NodeList<SyntaxWord>* words) {
  NodeList<Condition> members;
  const std::size_t begin = position_;
  do {
    members.Add(ParseConditionAnd(words));
  } while (!AtEnd() && Take("||"));
  return JoinConditions(Condition::Kind::kOr, members, begin);
}

Condition* Parser::ParseConditionAnd(NodeList<SyntaxWord>* words) {
  NodeList<Condition> members;
  const std::size_t begin = position_;
  do {
    members.Add(ParseConditionTerm(words));
  } while (!AtEnd() && Take("&&"));
  return JoinConditions(Condition::Kind::kAnd, members, begin);
}

Condition* Parser::ParseConditionTerm(NodeList<SyntaxWord>* words) {
  const Nesting nesting(this);
  Condition* condition = arena_->New<Condition>();
  SkipNewlines();
  if (failed() || AtEnd() || AtConditionEnd()) {
    Fail("expected a condition");
    return condition;
  }
  const std::size_t begin = position_;
  const std::size_t length = Match("!");
  if (length != 0 && (EndsWord(Peek(length)))) {
    position_ += length;
    condition->kind = Condition::Kind::kNot;
    condition->first = ParseConditionTerm(words);
  } else if (Take("(")) {
    ParseConditionGroup(condition, words);
  } else {
    ParseConditionWord(condition, words);
  }
  condition->written = WrittenSince(begin);
  SkipNewlines();
  return condition;
}

void Parser::ParseConditionGroup(Condition* condition, NodeList<SyntaxWord>* words) {
  const std::size_t begin = position_ - 1;
  condition->kind = Condition::Kind::kGroup;
  condition->first = ParseConditionOr(words);
  if (!failed() && (AtEnd() || !Take(")"))) {
    Fail(AtEnd() ? "" : "expected ')'");
  }
  ExplainFailure(begin, "this parenthesis is never closed");
}

// A word that is an operand; the line may not end in front of it.
SyntaxWord* Parser::ReadConditionWord(WordMode mode, NodeList<SyntaxWord>* words) {
  SkipBlanks();
  SyntaxWord* word = AtConditionEnd() ? nullptr : ReadWord(mode);
  const bool redirects =
      word != nullptr && !AtEnd() && (Peek() == '<' || Peek() == '>') &&
      std::all_of(word->written.begin(), word->written.end(), [](char c) { return Is(kDigitCharacter, c); });
  if (word == nullptr || redirects) {
    Fail("expected a word");
    return arena_->New<SyntaxWord>();
  }
  words->Add(word);
  return word;
}

// Empty if none stands at the position.
std::string_view Parser::TakeBinaryOperator() {
  for (const std::string_view sign : {std::string_view("<"), std::string_view(">")}) {
    if (LooksAt(sign) && !(Peek(1) == '<' || Peek(1) == '>' || Peek(1) == '&' || Peek(1) == '(')) {
      Take(sign);
      return sign;
    }
  }
  for (const std::string_view each : kBinaryOperators) {
    const std::size_t length = Match(each);
    if (length != 0 && EndsWord(Peek(length))) {
      position_ += length;
      return each;
    }
  }
  return {};
}

void Parser::ParseConditionWord(Condition* condition, NodeList<SyntaxWord>* words) {
  NodeList<SyntaxWord> own;
  SyntaxWord* word = ReadConditionWord(WordMode::kPlain, &own);
  if (!failed() && IsUnaryOperator(word->written)) {
    condition->kind = Condition::Kind::kUnary;
    condition->operation = word->written;
    condition->left = ReadConditionWord(WordMode::kPlain, words);
    return;
  }
  words->Add(word);
  condition->left = word;
  SkipBlanks();
  if (AtEnd() || AtConditionEnd() || Peek() == ')' || LooksAt("&&") || LooksAt("||")) {
    return;
  }
  condition->operation = TakeBinaryOperator();
  if (condition->operation.empty()) {
    Fail("expected an operator of a condition");
    return;
  }
  condition->kind = Condition::Kind::kBinary;
  condition->right = ReadConditionWord(condition->operation == "=~" ? WordMode::kRegex : WordMode::kPlain, words);
}

}  // namespace safe_docker::shell
