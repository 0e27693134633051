// What a shell knows at one point of a text: variables, functions, aliases, positional parameters, directory. Copied
// for subshells and branches, joined where branches meet.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ast.hpp"
#include "command_line.hpp"

namespace safe_docker::shell {

struct ShellVariable {
  Variable::State state = Variable::State::kUnset;
  std::string value;  // may hold unknown parts if kUnknown
  bool exported = false;
  bool is_array = false;
  std::vector<std::string> elements;  // of a known array
};

ShellVariable KnownOrNot(std::string value);
ShellVariable UnknownVariable();

class ShellState {
 public:
  ShellState(const Environment& environment, std::string cwd);

  // What the text did to `name`, else what the environment has of it.
  ShellVariable Get(std::string_view name) const;
  // Keeps an export that `name` already has.
  void Set(std::string_view name, ShellVariable variable);
  void Unset(std::string_view name);
  void Export(std::string_view name);
  // The environment that a command started now would get.
  Environment CommandEnvironment() const;
  bool Has(std::string_view name) const { return variables_.find(name) != variables_.end(); }
  void Forget(std::string_view name) { variables_.erase(std::string(name)); }
  std::size_t size() const { return variables_.size() + functions.size() + aliases.size() + 1; }

  // Takes in what differs in `other`: such things are unknown from here on.
  void Join(const ShellState& other);
  bool operator==(const ShellState& other) const;

  std::map<std::string, std::vector<const Command*>, std::less<>> functions;  // null: may be undefined
  std::map<std::string, std::string, std::less<>> aliases;
  std::vector<std::string> arguments;
  bool arguments_known = false;
  std::string script_name;  // $0; empty if it is not known
  std::string cwd;
  bool is_bash = true;      // the shell that reads the text is bash for sure
  bool export_all = false;  // set -a
  bool physical = false;    // set -P: cd and pwd follow links

 private:
  const Environment* environment_;
  std::map<std::string, ShellVariable, std::less<>> variables_;
};

}  // namespace safe_docker::shell
