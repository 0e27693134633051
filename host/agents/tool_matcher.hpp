// Which tools a hook's matcher speaks of, as Claude Code reads it: nothing or "*" is every tool; only letters, digits,
// "_", "-", ",", "|" and blanks are a list of exact names; anything else is a JavaScript pattern that may be found
// anywhere in the name.
#pragma once

#include <cstdint>
#include <string_view>

namespace safe_docker::agents {

enum class Match : std::uint8_t { kYes, kNo, kNoPattern };  // the last: it is no pattern that can be read

Match MatchTool(std::string_view matcher, std::string_view tool);

}  // namespace safe_docker::agents
