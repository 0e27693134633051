// How commands print JSON: as ASCII, so that what a plugin, a path or an engine says can neither steer a terminal nor
// turn the direction of a line, and with U+FFFD where its bytes are no UTF-8.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace safe_docker::commands {

inline constexpr int kIndented = 2;
inline constexpr int kOnOneLine = -1;

// No line's end behind it.
std::string AsciiJson(const nlohmann::ordered_json& json, int indent = kIndented);

}  // namespace safe_docker::commands
