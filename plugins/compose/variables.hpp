// The variables that interpolation sees: the environment of the command first, then what .env and --env-file define.
// Scopes nest: an included project sees the variables of the including one first, then those of its own .env. Texts are
// views that live as long as the expansion.
#pragma once

#include <cstdint>
#include <safe_docker/checker.hpp>
#include <string_view>
#include <unordered_map>

namespace safe_docker::compose {

struct Variable {
  enum class State : std::uint8_t { kUnset, kKnown, kUnknown };
  State state = State::kUnset;
  // Of an unknown one: with a NUL byte for each unknown part. Of an unset one: nothing, or a NUL byte if an env file
  // that nobody can read yet may set it.
  std::string_view text;

  // Neither unset nor empty, as far as anyone can tell.
  bool HasText() const { return text.find_first_not_of('\0') != std::string_view::npos; }
  // Nothing that can be seen sets it, but an env file may.
  bool MayBeSet() const { return state == State::kUnset && !text.empty(); }
};

class Variables {
 public:
  // The outermost scope. `working_directory` stands for PWD where the environment has none.
  Variables(const plugin::Host& host, std::string_view working_directory)
      : host_(&host), working_directory_(working_directory) {}
  // A scope inside `outer`, whose variables win; borrowed.
  explicit Variables(const Variables* outer) : outer_(outer) {}
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

  Variable Get(std::string_view name) const;

  // What COMPOSE_PROJECT_NAME is from now on, whatever anybody else says; for the outermost scope.
  void SetProjectName(std::string_view name) { project_name_ = name; }
  // Whether anybody has asked for it.
  bool has_used_project_name() const { return has_used_project_name_; }

  // Defines what an env file says, in place of an earlier definition.
  void Define(std::string_view name, std::string_view text) { defined_.insert_or_assign(name, text); }
  // Defines what comes before the environment.
  void Override(std::string_view name, std::string_view text) { overrides_.insert_or_assign(name, text); }
  // The same as Define, unless it is defined already.
  void DefineIfAbsent(std::string_view name, std::string_view text) { defined_.emplace(name, text); }

  // There is an env file whose definitions are only known when the command runs. Its reader reports it; so compose's
  // own settings stay what the rest says, and the project that can be seen is judged.
  void MarkUnread() { is_unread_ = true; }

  const std::unordered_map<std::string_view, std::string_view>& defined() const { return defined_; }

  // Forgets what the env files say, except the settings of compose itself.
  void KeepSettingsOnly();

 private:
  Variable Inherited(std::string_view name) const;

  const plugin::Host* host_ = nullptr;
  const Variables* outer_ = nullptr;
  std::string_view working_directory_;
  std::string_view project_name_;
  mutable bool has_used_project_name_ = false;
  bool is_unread_ = false;
  std::unordered_map<std::string_view, std::string_view> defined_;
  std::unordered_map<std::string_view, std::string_view> overrides_;
};

}  // namespace safe_docker::compose
