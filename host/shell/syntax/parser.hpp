// Makes a syntax tree of a bash text, one complete command after the other as bash reads them: what stands before a
// syntax error is a valid tree, since bash runs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lexer.hpp"

namespace safe_docker::shell {

// All of a text that parses; `rest` is what does not, and `error` says why.
struct Program {
  const Command* commands = nullptr;
  Failure failure = Failure::kNone;
  SyntaxError error;
  std::string_view rest;
  bool has_late_body = false;  // the body of a here-document stands behind the $(...) that holds it
  std::vector<BrokenPart> broken_parts;
};

// `depth` is how deep the text already is in others (eval in eval).
Program Parse(std::string_view text, Arena* arena, int depth);

// One line for people: "line 3: unexpected 'fi', expected 'then'". `text` is what was parsed.
std::string Describe(const SyntaxError& error, std::string_view text);

class Parser : public Lexer {
 public:
  using Lexer::Lexer;

  Program ParseProgram();

 protected:
  const Command* ParseNested(char closing) override;

 private:
  enum class Keyword : std::uint8_t {
    kNone,
    kIf,
    kThen,
    kElse,
    kElif,
    kFi,
    kFor,
    kSelect,
    kWhile,
    kUntil,
    kDo,
    kDone,
    kCase,
    kEsac,
    kIn,
    kFunction,
    kCoproc,
    kOpenBrace,
    kCloseBrace,
    kCondition,
    kTime,
    kNot,
  };
  struct KeywordName;
  static const KeywordName kKeywords[];
  // The words, assignments and redirections of a simple command while it is read.
  struct SimpleCommand {
    NodeList<SyntaxWord> words;
    NodeList<Assignment> assignments;
    NodeList<Redirection> redirections;
    bool declares = false;
    bool empty() const {
      return words.first == nullptr && assignments.first == nullptr && redirections.first == nullptr;
    }
  };

  // parser.cpp: lists and pipelines
  bool SkipNewlines();
  Keyword PeekKeyword();
  Keyword FindKeyword(std::size_t* length) const;
  bool AtKeyword(Keyword keyword);
  void TakePeekedKeyword() { position_ += keyword_length_; }
  bool TakeKeyword(Keyword keyword);
  void Expect(Keyword keyword);
  bool AtListEnd();
  const Command* ParseList(bool may_be_empty);
  Command* ParseCompleteCommand();
  bool TakeSeparator(Command* command);
  Command* ParseAndOr();
  Command* ParsePipeline();
  void TakePrefixes(Command* command);
  std::size_t TakeTimeOptions(Command* command);
  bool AtPrefixEnd();
  Command* ParseCommand();
  Command* NewCommand(Command::Kind kind) const;
  Compound* AddCompound(Command* command) const;

  // compound.cpp
  bool AtCompound();
  void ParseCompound(Command* command, Keyword keyword);
  void ParseParenthesis(Command* command);
  void ParseIf(Command* command);
  void ParseLoop(Command* command);
  void ParseFor(Command* command);
  void ParseForWords(Command* command);
  void ParseForArithmetic(Command* command);
  bool SplitExpressions(std::string_view inner, Command* command);
  void ParseBody(Command* command, bool may_be_brace);
  void ParseCase(Command* command);
  void ParseCaseItem(NodeList<CaseItem>* items);
  void ParsePatterns(CaseItem* item);
  void ParseFunction(Command* command);
  bool ParseFunctionParenthesis(Command* command, const SyntaxWord* name);
  void ParseFunctionBody(Command* command);
  void ParseCoproc(Command* command);

  // conditions.cpp
  void ParseCondition(Command* command);
  Condition* ParseConditionOr(NodeList<SyntaxWord>* words);
  Condition* ParseConditionAnd(NodeList<SyntaxWord>* words);
  Condition* ParseConditionTerm(NodeList<SyntaxWord>* words);
  void ParseConditionGroup(Condition* condition, NodeList<SyntaxWord>* words);
  void ParseConditionWord(Condition* condition, NodeList<SyntaxWord>* words);
  std::string_view TakeBinaryOperator();
  SyntaxWord* ReadConditionWord(WordMode mode, NodeList<SyntaxWord>* words);
  bool AtConditionEnd() const;
  Condition* JoinConditions(Condition::Kind kind, NodeList<Condition> members, std::size_t begin);

  // simple_command.cpp
  void ParseSimple(Command* command);
  bool ParseSimpleWord(Command* command, SimpleCommand* simple);
  void ReadArrayOfWord(SyntaxWord* word, std::size_t begin);
  void FlattenArray(SyntaxWord* word, std::size_t begin);
  const SyntaxWord* ParseArray();
  Assignment* AsAssignment(SyntaxWord* word, bool is_element);
  const SyntaxWord* ValueOf(const SyntaxWord& word, const Part& literal, std::size_t begin) const;

  // redirections.cpp
  void ParseRedirections(NodeList<Redirection>* list);
  bool ParseRedirection(NodeList<Redirection>* list);
  std::size_t RedirectionOffset() const;
  std::size_t VariableLength() const;
  void SetDescriptor(Redirection* redirection, std::string_view descriptor) const;

  const char* keyword_place_ = nullptr;  // where the keyword below was looked for
  Keyword keyword_ = Keyword::kNone;
  std::size_t keyword_length_ = 0;
  bool keyword_may_follow_ = false;  // the command that was read last is a compound one without redirections
};

}  // namespace safe_docker::shell
