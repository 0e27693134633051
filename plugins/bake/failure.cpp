#include "failure.hpp"

namespace safe_docker::bake {

void FailUnreadable(std::string_view file, std::string_view message) {
  throw Failure{false, std::string(message), "Run the command where the bake file is, or name the right file with -f.",
                std::string(file)};
}

void FailMalformed(const Place& place, std::string_view message) {
  throw Failure{true,
                std::string(message),
                "Correct this place, and check the file with `docker buildx bake --print`.",
                place.source == nullptr ? std::string{} : place.source->path,
                place.line,
                place.column};
}

}  // namespace safe_docker::bake
