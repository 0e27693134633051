// Why a project cannot be judged: thrown by whatever reads it, caught in one place, where it becomes a finding. A
// project that compose would refuse, or that goes beyond the bounds here, is never half judged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace safe_docker::compose {

enum class FailureRule : std::uint8_t { kUnreadable, kMalformed };

struct Failure {
  FailureRule rule = FailureRule::kMalformed;
  std::string message;
  std::string advice;
  std::string file;  // absolute; empty for the command line
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

[[noreturn]] void FailUnreadable(std::string_view file, std::string_view message, std::string_view advice);
[[noreturn]] void FailMalformed(std::string_view file, std::uint32_t line, std::uint32_t column,
                                std::string_view message);

}  // namespace safe_docker::compose
