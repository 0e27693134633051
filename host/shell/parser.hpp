// Makes a syntax tree of a bash text, one complete command after the other as bash reads them: what stands before a
// syntax error is a valid tree, since bash runs it.
#pragma once

#include <string_view>
#include <vector>

#include "lexer.hpp"

namespace safe_docker::shell {

// All of a text that parses; `rest` is what does not.
struct Program {
  const Command* commands = nullptr;
  Failure failure = Failure::kNone;
  std::string_view rest;
  std::vector<BrokenPart> broken_parts;
};

// `depth` is how deep the text already is in others (eval in eval).
Program Parse(std::string_view text, Arena* arena, int depth);

class Parser final : public Lexer {
 public:
  using Lexer::Lexer;

  Program ParseProgram();

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
    kFunction,
    kCoproc,
    kOpenBrace,
    kCloseBrace,
    kCondition,
    kTime,
    kNot,
  };
  struct KeywordName;

  const Command* ParseNested(char closing) override;
  bool SkipNewlines();
  Keyword PeekKeyword() const;
  bool TakeKeyword(Keyword keyword);
  void Expect(Keyword keyword);
  bool AtListEnd() const;
  const Command* ParseList();
  Command* ParseCompleteCommand();
  Command* ParseAndOr();
  Command* ParsePipeline();
  void TakePrefixes(Command* command);
  Command* ParseCommand();
  Command* ParseCompound(Keyword keyword);
  bool AtCompound() const;
  void ParseIf(Command* command);
  void ParseLoop(Command* command);
  void ParseFor(Command* command);
  const Command* ParseDoGroup();
  void ParseCase(Command* command);
  void ParseCaseItem(NodeList<CaseItem>* items);
  void ParseCondition(Command* command);
  void ParseParenthesis(Command* command);
  void ParseFunction(Command* command);
  void ParseFunctionBody(Command* command);
  void ParseCoproc(Command* command);
  void ParseSimple(Command* command);
  bool ParseFunctionParenthesis(Command* command, const SyntaxWord* name);
  Assignment* AsAssignment(SyntaxWord* word);
  const SyntaxWord* ParseArray();
  void ParseRedirections(NodeList<Redirection>* list);
  bool ParseRedirection(NodeList<Redirection>* list);
  std::size_t RedirectionOffset() const;
  Command* NewCommand(Command::Kind kind) const;
};

}  // namespace safe_docker::shell
