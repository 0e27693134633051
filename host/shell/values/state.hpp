// What a shell knows at one point of a text: variables, functions, aliases, positional parameters, directory. Copied
// for subshells and branches, joined where branches meet.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "syntax/ast.hpp"
#include "variables.hpp"

namespace safe_docker::shell {

// The options of `set` and `shopt` that change what words become.
struct ShellOptions {
  Setting noglob = Setting::kOff;  // set -f
  Setting nullglob = Setting::kOff;
  Setting failglob = Setting::kOff;
  Setting dotglob = Setting::kOff;
  Setting globstar = Setting::kOff;
  Setting nocaseglob = Setting::kOff;
  Setting nocasematch = Setting::kOff;
  Setting extglob = Setting::kUnknown;  // start files of interactive shells often set it
  Setting patsub_replacement = Setting::kOn;
  Setting braceexpand = Setting::kOn;
  Setting xpg_echo = Setting::kOff;
  Setting lastpipe = Setting::kOff;

  bool operator==(const ShellOptions& other) const = default;
};

// The option of that name; null if it is none of these.
Setting* FindOption(ShellOptions* options, std::string_view name);

class ShellState {
 public:
  ShellState(const Environment& environment, std::string cwd);

  // What the text did to `name`, else what the environment has of it.
  ShellVariable Get(std::string_view name) const;
  // What the text did to `name`; null if nothing.
  const ShellVariable* Find(std::string_view name) const;
  // Keeps an export that `name` already has. A variable that is read-only stays as it is.
  void Set(std::string_view name, ShellVariable variable);
  // The value that `name` was just given is an id that a program prints.
  void NoteIdentifier(std::string_view name);
  // What the unknown parts of that value are.
  void NoteWords(std::string_view name, PrintedWords words);
  void Unset(std::string_view name);
  void Export(std::string_view name);
  // Gives `name` what it was before, read-only or not: nothing if the text had not touched it.
  void Restore(std::string_view name, std::optional<ShellVariable> before);
  // The names that the text gave values, those that begin with `prefix`.
  std::vector<std::string> NamesWithPrefix(std::string_view prefix) const;
  // The environment that a command started now would get.
  Environment CommandEnvironment() const;
  bool Has(std::string_view name) const { return variables_.find(name) != variables_.end(); }
  void Forget(std::string_view name);
  // Makes `words` the positional parameters: known up to the first that may be several words or none.
  void SetArguments(std::span<const Word> words);
  // How much a copy of it costs: one for each thing in it.
  std::size_t size() const {
    return variables_.size() + functions.size() + aliases.size() + arguments.size() + directory_stack.size() +
           value_size_ + body_count_ + 1;
  }

  // Takes in what differs in `other`: such things are unknown from here on.
  void Join(const ShellState& other);
  bool operator==(const ShellState& other) const;

  std::map<std::string, std::vector<const Command*>, std::less<>> functions;  // null: may be undefined
  std::map<std::string, std::string, std::less<>> aliases;
  std::vector<std::string> arguments;  // the positional parameters, or the first of them
  bool arguments_known = false;        // these are all
  std::string script_name;             // $0; empty if it is not known
  std::string cwd;
  std::string old_cwd;                       // $OLDPWD; empty if the text has not gone anywhere yet
  std::vector<std::string> directory_stack;  // below the current one; an unknown part: there may be more
  std::string last_argument;                 // $_
  ShellOptions options;
  bool is_bash = true;      // the shell that reads the text is bash for sure
  bool export_all = false;  // set -a
  bool physical = false;    // set -P: cd and pwd follow links

 private:
  void Put(std::string_view name, ShellVariable variable);
  void JoinVariables(const ShellState& other);
  void JoinFunctions(const ShellState& other);

  const Environment* environment_;
  std::map<std::string, ShellVariable, std::less<>> variables_;
  std::size_t value_size_ = 0;  // of the variables' elements and long values
  std::size_t body_count_ = 0;  // of functions that have several, at most
};

}  // namespace safe_docker::shell
