#include "command_line.hpp"

#include <cstring>

namespace safe_docker {

Variable Environment::Get(std::string_view name) const {
  if (const auto change = changes_.find(name); change != changes_.end()) {
    return change->second;
  }
  return GetInherited(name);
}

Variable Environment::GetInherited(std::string_view name) const {
  if (process_ != nullptr && !name.empty()) {
    for (const char* const* entry = process_; *entry != nullptr; ++entry) {
      if (std::strncmp(*entry, name.data(), name.size()) == 0 && (*entry)[name.size()] == '=') {
        return {Variable::State::kKnown, *entry + name.size() + 1};
      }
    }
  }
  return {};
}

std::string Environment::GetOr(std::string_view name, std::string_view fallback) const {
  Variable variable = Get(name);
  const bool usable = variable.state == Variable::State::kKnown && !variable.value.empty();
  return usable ? std::move(variable.value) : std::string(fallback);
}

}  // namespace safe_docker
