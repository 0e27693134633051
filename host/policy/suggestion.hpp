// "Did you mean": the known word that is nearest to one that nobody knows.
#pragma once

#include <span>
#include <string_view>

namespace safe_docker::policy {

// The nearest of `known`, or nothing if none is near enough to be meant.
std::string_view Nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace safe_docker::policy
