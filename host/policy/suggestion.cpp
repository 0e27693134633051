#include "policy/suggestion.hpp"

#include <safe_docker/nearest.hpp>

namespace safe_docker::policy {

std::string_view Nearest(std::string_view word, std::span<const std::string_view> known) {
  return plugin::Nearest(word, known);
}

}  // namespace safe_docker::policy
