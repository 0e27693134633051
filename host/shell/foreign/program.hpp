// Reads a program of another language for what it would start: calls of functions that run commands, with the values
// that their arguments have as far as constants, lists and variables that are set to constants tell.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foreign_code.hpp"
#include "language.hpp"

namespace safe_docker::shell {

// What an expression is worth. Texts may hold unknown parts.
struct Value {
  enum class Kind : std::uint8_t { kUnknown, kText, kList };
  struct Item {
    std::string text;
    bool may_split = false;  // any number of items stands here
  };
  Kind kind = Kind::kUnknown;
  std::string text;
  std::vector<Item> items;
  bool decoded = false;  // something in it is decoded or put together in a way that is not followed

  bool operator==(const Value& other) const {
    return kind == other.kind && text == other.text && items.size() == other.items.size() &&
           std::equal(items.begin(), items.end(), other.items.begin(),
                      [](const Item& a, const Item& b) { return a.text == b.text && a.may_split == b.may_split; });
  }
};

// The items of a list; anything else is a list of one.
std::vector<Value::Item> ItemsOf(const Value& value);

class ProgramReader {
 public:
  // `depth` is how many programs it stands in (exec("...")).
  ProgramReader(const Language& language, const ForeignContext& context, int depth)
      : language_(language), context_(context), depth_(depth) {}

  // A variable that is set from outside (awk -v).
  void Preset(const std::string& name, std::string text);

  // `mentioned_outside`: a name stands in what the program gets: its arguments, its environment, its input.
  ForeignCode Read(std::string_view text, bool mentioned_outside);

 private:
  struct Argument {
    std::string keyword;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  using Shape = Executor::Shape;

  // program_values.cpp
  Value Evaluate(std::size_t begin, std::size_t end, int depth) const;
  Value EvaluateTerm(std::size_t* at, std::size_t end, int depth) const;
  Value EvaluatePrimary(std::size_t* at, std::size_t end, int depth) const;
  Value EvaluateName(std::size_t* at, std::size_t end, int depth) const;
  Value EvaluateItems(const Argument& argument, int depth) const;
  Value EvaluateList(std::size_t open, int depth) const;
  Value ApplyMethod(const Value& value, std::string_view method, std::size_t open, int depth) const;
  // The value that a name has; null if it is not known. One with several has that of the choice being looked at.
  const Value* Lookup(std::string_view name) const;
  // What the arguments are worth, once for each choice of values that the names in them may have.
  std::vector<std::vector<Value>> AllValuesOf(const std::vector<Argument>& arguments) const;
  Value ValueOfPieces(const std::vector<Piece>& pieces) const;
  bool Spend(std::size_t work) const;
  bool HasDecoder(std::size_t begin, std::size_t end) const;
  std::vector<Argument> ArgumentsBetween(std::size_t begin, std::size_t end) const;

  // program_names.cpp: what names stand for
  void MatchBrackets();
  void MarkStatements();
  void CollectNames();
  bool CollectParameters(std::size_t at);
  void CollectAssignment(std::size_t at);
  void CollectLoop(std::size_t at);
  bool CollectAddition(std::size_t at);
  void AssignAll(const std::string& name, std::size_t begin, std::size_t end);
  void CollectImport(std::size_t at);
  void Assign(const std::string& name, Value value);
  void Forget(const std::string& name) { forgotten_.insert(name); }
  std::size_t EndOfStatement(std::size_t at) const;
  std::size_t StartOfStatement(std::size_t at) const;
  std::string QualifierOf(std::size_t at) const;
  const Executor* FindExecutor(std::size_t at, bool* certain) const;
  const Executor* ExecutorNamed(std::string_view name) const;

  // program_calls.cpp: what is run
  void ScanCalls();
  void ScanToken(std::size_t at);
  void ScanCall(std::size_t at, const Executor& executor, bool certain);
  void CollectAliases();
  bool IsAlias(std::size_t at, const Executor& executor);
  bool IsCall(std::size_t at, std::size_t* begin, std::size_t* end) const;
  void NoteDirectory(std::size_t at);
  void NoteDefinition(std::size_t at);
  void NoteEnvironment(std::size_t at);
  std::vector<Value> ValuesOf(const std::vector<Argument>& arguments) const;
  // program_runs.cpp: what that hands to a shell
  bool RunValues(Shape shape, std::vector<Value> values);
  bool RunWords(std::vector<Value::Item> words);
  bool RunShellText(const std::string& text);
  bool RunPipeOpen(const std::vector<Value>& values);
  bool RunCode(const Value& value);
  void ScanComputedCall(std::size_t at);
  bool RunReceiver(std::size_t at);
  void RunLine(std::size_t at);
  void RunAwkPipe(std::size_t at);
  void NoteOpenCall(std::size_t at, std::size_t end);
  void TakeOptions(const std::vector<Argument>& arguments);
  void Emit(std::string text);

  // program_mentions.cpp: where names stand that no call accounts for
  bool IsData(std::size_t at) const;
  bool IsCompared(std::size_t at) const;
  std::string CalleeAround(std::size_t at) const;
  bool IsMention(std::size_t at) const;
  bool MentionsLeft() const;
  void CheckModules();
  void CheckSockets();
  void CheckCodeInStrings();
  int LineOf(std::size_t at) const;

  const Language& language_;
  const ForeignContext& context_;
  int depth_;
  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<std::size_t> matching_;  // of a bracket: the place of its partner
  std::vector<std::size_t> starts_;    // of the statement that a token stands in
  std::vector<std::size_t> ends_;
  std::map<std::string, std::vector<Value>, std::less<>> values_;
  std::map<std::string, std::vector<Value>, std::less<>> earlier_;  // as the pass before found them
  mutable std::map<std::string, std::size_t, std::less<>> choices_;
  mutable std::map<std::string, std::size_t, std::less<>> several_;
  std::map<std::string, std::string, std::less<>> modules_;  // names of modules under another name
  std::set<std::string, std::less<>> forgotten_;             // names that may be worth anything
  std::map<std::string, const Executor*, std::less<>> aliases_;
  std::set<std::string, std::less<>> imported_;  // names that stand for an engine's module
  std::vector<bool> accounted_;                  // tokens that a call which was understood has used
  std::string function_;                         // the one that is being defined
  std::set<std::string, std::less<>> parameters_;
  std::string directory_;                                         // where the program has gone
  std::string call_directory_;                                    // where the call says that it runs
  std::vector<std::pair<std::string, std::string>> environment_;  // that the program has set
  std::vector<std::pair<std::string, std::string>> call_environment_;
  std::size_t open_call_ = std::string::npos;  // the first one whose command is not known
  bool wrapper_found_ = false;
  mutable std::size_t work_left_ = 1'000'000;
  ForeignCode code_;
};

}  // namespace safe_docker::shell
