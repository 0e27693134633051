#include "state.hpp"

#include <algorithm>
#include <utility>

namespace safe_docker::shell {
namespace {

bool Same(const ShellVariable& a, const ShellVariable& b) {
  return a.state == b.state && a.value == b.value && a.is_array == b.is_array && a.elements == b.elements &&
         a.exported == b.exported;
}

}  // namespace

ShellVariable KnownOrNot(std::string value) {
  ShellVariable variable;
  variable.state = IsKnown(value) ? Variable::State::kKnown : Variable::State::kUnknown;
  variable.value = std::move(value);
  return variable;
}

ShellVariable UnknownVariable() { return KnownOrNot(std::string(1, kUnknownPart)); }

ShellState::ShellState(const Environment& environment, std::string start)
    : cwd(std::move(start)), environment_(&environment) {}

ShellVariable ShellState::Get(std::string_view name) const {
  if (const auto found = variables_.find(name); found != variables_.end()) {
    return found->second;
  }
  const Variable inherited = environment_->Get(name);
  ShellVariable variable;
  variable.state = inherited.state;
  variable.value = inherited.value;
  variable.exported = inherited.state != Variable::State::kUnset;
  return variable;
}

void ShellState::Set(std::string_view name, ShellVariable variable) {
  variable.exported = variable.exported || export_all || Get(name).exported;
  variables_.insert_or_assign(std::string(name), std::move(variable));
}

void ShellState::Unset(std::string_view name) { variables_.insert_or_assign(std::string(name), ShellVariable{}); }

void ShellState::Export(std::string_view name) {
  ShellVariable variable = Get(name);
  variable.exported = true;
  variables_.insert_or_assign(std::string(name), std::move(variable));
}

Environment ShellState::CommandEnvironment() const {
  Environment environment = *environment_;
  for (const auto& [name, variable] : variables_) {
    if (variable.exported || variable.state == Variable::State::kUnset) {
      environment.Set(name, {variable.state, variable.value});
    }
  }
  return environment;
}

void ShellState::Join(const ShellState& other) {
  const auto join_name = [&](const std::string& name) {
    const ShellVariable mine = Get(name);
    const ShellVariable theirs = other.Get(name);
    if (!Same(mine, theirs)) {
      ShellVariable unknown = UnknownVariable();
      unknown.exported = mine.exported || theirs.exported;
      unknown.is_array = mine.is_array || theirs.is_array;
      variables_.insert_or_assign(name, std::move(unknown));
    }
  };
  std::vector<std::string> names;
  for (const auto& [name, variable] : variables_) {
    names.push_back(name);
  }
  for (const auto& [name, variable] : other.variables_) {
    names.push_back(name);
  }
  std::for_each(names.begin(), names.end(), join_name);
  for (auto& [name, bodies] : functions) {
    if (other.functions.find(name) == other.functions.end() &&
        std::find(bodies.begin(), bodies.end(), nullptr) == bodies.end()) {
      bodies.push_back(nullptr);
    }
  }
  for (const auto& [name, bodies] : other.functions) {
    const bool new_here = functions.find(name) == functions.end();
    auto& mine = functions[name];
    if (new_here) {
      mine.push_back(nullptr);
    }
    for (const Command* body : bodies) {
      if (std::find(mine.begin(), mine.end(), body) == mine.end()) {
        mine.push_back(body);
      }
    }
  }
  aliases.insert(other.aliases.begin(), other.aliases.end());
  if (arguments != other.arguments || arguments_known != other.arguments_known) {
    arguments_known = false;
    arguments.clear();
  }
  is_bash = is_bash && other.is_bash;
  export_all = export_all || other.export_all;
  physical = physical || other.physical;
  if (cwd != other.cwd) {
    cwd.assign(1, kUnknownPart);
  }
}

bool ShellState::operator==(const ShellState& other) const {
  const bool same_options = is_bash == other.is_bash && export_all == other.export_all && physical == other.physical;
  return same_options && cwd == other.cwd && functions == other.functions && aliases == other.aliases &&
         arguments == other.arguments && arguments_known == other.arguments_known && script_name == other.script_name &&
         std::equal(variables_.begin(), variables_.end(), other.variables_.begin(), other.variables_.end(),
                    [](const auto& a, const auto& b) { return a.first == b.first && Same(a.second, b.second); });
}

}  // namespace safe_docker::shell
