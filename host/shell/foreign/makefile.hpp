// A Makefile as GNU make reads it: its variables, its rules, and what the recipes of a target hand to a shell. Both
// sides of a conditional count, so a variable may have several values.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "foreign_code.hpp"

namespace safe_docker::shell {

// What make's command line says.
struct MakeArguments {
  std::vector<std::string> goals;
  std::vector<std::string> files;
  std::vector<std::string> texts;  // --eval
  std::vector<std::pair<std::string, std::string>> variables;
  std::string directory;
  bool dry_run = false;           // only lines that start with '+' or call make again
  bool environment_wins = false;  // -e
};

class Makefile {
 public:
  Makefile(const ForeignContext& context, const MakeArguments& arguments);

  // False if there is no such file. `path` is absolute; `text` is used instead if it is not null.
  bool ReadFile(const std::string& path, int depth);
  void ReadText(std::string_view text, const std::string& path, int depth);
  // `unknown_goal`: further goals may be any of the targets.
  ForeignCode Run(bool unknown_goal);

 private:
  struct Variable {
    std::vector<std::string> values;  // not expanded yet, unless `simple`
    bool simple = false;
    bool exported = false;
    bool fixed = false;  // by the command line
  };
  struct Line {
    std::string text;
    int number = 0;
  };
  struct Rule {
    std::vector<std::string> targets;
    std::vector<std::string> prerequisites;
    std::string pattern;  // of a static pattern rule
    std::vector<Line> recipe;
    std::string file;
  };
  // What automatic variables stand for.
  struct Automatic {
    std::string target;
    std::string stem;
    const std::vector<std::string>* prerequisites = nullptr;
  };

  // makefile.cpp: reading
  void ReadLine(const std::string& line, int number, int depth);
  bool ReadConditional(std::string_view line);
  bool ReadDirective(std::string_view line, int depth);
  bool ReadAssignment(std::string_view line);
  void ReadRule(std::string_view line, int number);
  void Include(std::string_view names, int depth);
  void Define(std::string_view head, std::string body);
  void Set(const std::string& name, std::string_view operation, std::string value, bool conditional);
  std::vector<std::string> ImmediateWords(std::string_view text);
  void NotUnderstood(std::string_view why, int number);

  // makefile_variables.cpp: expansion. Shell commands in it stand between kShellBegin and kShellEnd.
  std::string Expand(std::string_view text, int depth);
  std::string ExpandReference(std::string_view inside, int depth);
  std::string ExpandFunction(std::string_view name, std::string_view arguments, int depth);
  std::string ExpandWordFunction(std::string_view name, const std::vector<std::string>& arguments) const;
  std::string ExpandCall(const std::vector<std::string_view>& arguments, int depth);
  std::string ExpandEach(const std::vector<std::string_view>& arguments, int depth);
  std::string ValueOf(const std::string& name, int depth);
  std::string AutomaticValue(char name) const;
  bool Spend(std::size_t work);
  std::string Lost(std::string_view text);

  // makefile_targets.cpp: what runs
  void Visit(const std::string& goal, int depth);
  bool VisitPatterns(const std::string& goal, int depth);
  void RunRecipe(const Rule& rule, const Automatic& automatic);
  void RunLine(const Line& line, const Rule& rule);
  void RunLineOnce(const Line& line, const Rule& rule);
  std::string DefaultGoal();
  void Emit(std::string text);
  std::vector<std::pair<std::string, std::string>> ExportedVariables();
  std::vector<std::string> SplitWords(std::string_view text) const;

  const ForeignContext& context_;
  const MakeArguments& arguments_;
  std::map<std::string, Variable, std::less<>> variables_;
  std::vector<Rule> rules_;
  std::vector<std::string> files_;  // that were read
  std::string file_;                // that is being read
  bool mentions_ = false;           // a name stands in one of them
  bool unknown_rules_ = false;      // there may be targets that are not known
  bool export_all_ = false;
  bool one_shell_ = false;
  bool in_rule_ = false;
  int conditional_ = 0;
  char recipe_prefix_ = '\t';
  std::set<std::string> visited_;
  std::set<std::string> emitted_;
  Automatic automatic_;
  std::map<std::string, std::size_t, std::less<>> choices_;  // which value each variable with several has
  std::map<std::string, std::size_t, std::less<>> several_;  // those that an expansion met, and how many values
  std::size_t work_left_ = 4'000'000;
  ForeignCode code_;
};

inline constexpr char kShellBegin = '\1';
inline constexpr char kShellEnd = '\2';
// Stands for a variable that nobody has set, as far as this process knows: conditions and lists take it for nothing,
// a recipe for something unknown.
inline constexpr char kUnset = '\3';

std::string WithoutUnset(std::string text);

// `text`, which is for a shell, with what stands between kShellBegin and kShellEnd as command substitutions.
std::string WithSubstitutions(std::string_view text);

// Without blanks at either end.
std::string_view Trim(std::string_view text);

}  // namespace safe_docker::shell
