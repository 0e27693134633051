// Makes programs that call docker through constructs of the shell, nested at random: each is meant to make at least one
// call, most of them dangerous ones. Or programs of the same shapes that call something else, and only mention docker.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "choices.hpp"

namespace safe_docker::oracle {

class Generator {
 public:
  enum class Subject : std::uint8_t { kDocker, kHarmless };

  Generator(Choices* choices, Subject subject) : choices_(choices), subject_(subject) {}

  std::string Program();

 private:
  using Maker = std::string (Generator::*)();
  struct Construct {
    Maker maker;
    unsigned weight;
    bool is_posix;  // dash reads it, too
  };

  std::string Pick(const Construct* begin, const Construct* end);
  std::string NewName(std::string_view prefix);
  void Setup(const std::string& line) { setup_ += line + "\n"; }
  std::string Quote(std::string_view text);

  // words.cpp: one word that a shell expands to `text`. What it needs first goes into the set-up.
  std::string Word(std::string_view text);
  std::string Literal(std::string_view text);
  std::string InVariable(std::string_view text);
  std::string Reference(const std::string& name, std::string_view text);
  std::string SplitInTwo(std::string_view text);
  std::string Printed(std::string_view text);
  std::string Decoded(std::string_view text);
  std::string WithDefault(std::string_view text);
  std::string Trimmed(std::string_view text);
  std::string AsPositional(std::string_view text);
  std::string InBranch(std::string_view text);
  std::string ByRead(std::string_view text);
  std::string InArray(std::string_view text);
  std::string Indirect(std::string_view text);
  std::string Replaced(std::string_view text);
  std::string CaseChanged(std::string_view text);
  std::string Braces(std::string_view text);
  std::string UnknownWord(std::string_view prefix);

  // calls.cpp: a call of docker, on lines of its own.
  std::string Call();
  std::string PlainCall();
  std::string SplitCall();
  std::string ArrayCall();
  std::string PositionalCall();
  std::string FunctionCall();
  std::string AliasCall();
  std::string RunnerCall();
  std::string XargsCall();
  std::string FindCall();
  std::string LoopCall();
  std::string ReadLoopCall();
  std::string SeparatorCall();
  std::string BraceCall();
  std::string GlobCall();
  std::string OddCall();
  std::string EnvironmentCall();
  std::string OtherLanguageCall();
  std::vector<std::string> CallWords();
  std::string WithSetup(const std::string& call);
  std::string ProgramName();

  // constructs.cpp: what runs other statements.
  std::string Statement();
  std::string Body();
  std::string If();
  std::string Loop();
  std::string ArithmeticLoop();
  std::string Case();
  std::string Group();
  std::string AndOr();
  std::string Pipeline();
  std::string Function();
  std::string Overriding();
  std::string Recursion();
  std::string Substitution();
  std::string ProcessSubstitution();
  std::string Coproc();
  std::string Background();
  std::string Select();
  std::string Timed();
  std::string Directory();
  std::string Condition();
  std::string Decoy();
  std::string Unreached();

  // code.cpp: what runs the text of others.
  std::string Eval();
  std::string ShellText();
  std::string ShellInput();
  std::string Source();
  std::string Script();
  std::string Trap();
  std::string DecodedCode();
  std::string ExportedFunction();
  std::string FindShell();
  std::string Prompted();
  std::string PosixBody();
  std::string InnerBody(bool is_posix);

  Choices* choices_;
  Subject subject_;
  std::string setup_;
  bool is_posix_ = false;
  bool uses_positional_ = false;
  int depth_ = 0;
  unsigned names_ = 0;
};

}  // namespace safe_docker::oracle
