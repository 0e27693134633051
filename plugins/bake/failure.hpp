// Why bake files cannot be judged: thrown by whatever reads them, caught in one place, where it becomes a finding.
// Files that buildx would refuse, or that go beyond the bounds here, are never half judged.
#pragma once

#include <string>
#include <string_view>

#include "syntax.hpp"

namespace safe_docker::bake {

struct Failure {
  bool is_malformed = true;  // else: unreadable
  std::string message;
  std::string advice;
  std::string file;  // absolute; empty if it is about none
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

[[noreturn]] void FailUnreadable(std::string_view file, std::string_view message);
[[noreturn]] void FailMalformed(const Place& place, std::string_view message);

}  // namespace safe_docker::bake
