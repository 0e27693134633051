#include "failure.hpp"

namespace safe_docker::compose {

void FailUnreadable(std::string_view file, std::string_view message, std::string_view advice) {
  throw Failure{FailureRule::kUnreadable, std::string(message), std::string(advice), std::string(file), 0, 0};
}

void FailMalformed(std::string_view file, std::uint32_t line, std::uint32_t column, std::string_view message) {
  throw Failure{FailureRule::kMalformed,
                std::string(message),
                "Correct this place, and check the project with `docker compose config`.",
                std::string(file),
                line,
                column};
}

}  // namespace safe_docker::compose
