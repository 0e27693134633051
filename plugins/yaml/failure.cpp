#include "failure.hpp"

namespace safe_docker::yaml {

void FailUnreadable(std::string_view file, std::string_view message, std::string_view advice) {
  throw Failure{FailureRule::kUnreadable, std::string(message), std::string(advice), std::string(file), 0, 0};
}

void FailMalformed(std::string_view file, std::uint32_t line, std::uint32_t column, std::string_view message) {
  throw Failure{FailureRule::kMalformed, std::string(message), {}, std::string(file), line, column};
}

std::string PlaceOf(const Failure& failure) {
  std::string place = failure.file;
  if (failure.line != 0) {
    place += ':' + std::to_string(failure.line);
  }
  if (failure.column != 0) {
    place += ':' + std::to_string(failure.column);
  }
  return place;
}

}  // namespace safe_docker::yaml
