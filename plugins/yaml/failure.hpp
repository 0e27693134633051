// Why files cannot be judged: thrown by whatever reads them, caught in one place, where it becomes a finding. What the
// program that is to run would refuse, or what goes beyond the bounds here, is never half judged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace safe_docker::yaml {

enum class FailureRule : std::uint8_t { kUnreadable, kMalformed };

struct Failure {
  FailureRule rule = FailureRule::kMalformed;
  std::string message;
  std::string advice;  // empty: whoever reports it says how such files are checked
  std::string file;    // absolute; empty for the command line
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

[[noreturn]] void FailUnreadable(std::string_view file, std::string_view message, std::string_view advice);
[[noreturn]] void FailMalformed(std::string_view file, std::uint32_t line, std::uint32_t column,
                                std::string_view message);

// "/a/compose.yaml:3:7", without what is not known.
std::string PlaceOf(const Failure& failure);

}  // namespace safe_docker::yaml
