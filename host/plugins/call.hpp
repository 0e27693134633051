// One call into a plugin, and what it came to. Shared by the host's own calls and the program that tries plugins out.
#pragma once

#include <safe_docker/plugin.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/sinks.hpp"

namespace safe_docker::plugins {

// Runs code of a plugin. Nothing should be thrown, but what is must go no further.
template <typename Call>
std::optional<std::int32_t> Guarded(const Call& call) {
  try {
    return call();
  } catch (...) {
    return std::nullopt;
  }
}

// What a call of `function` came to: nothing, or why it counts as failed.
std::string Outcome(std::string_view function, std::optional<std::int32_t> status, const CallErrors& errors);

}  // namespace safe_docker::plugins
