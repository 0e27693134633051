// JSON that a person writes, with the line on which each value begins, so that what is wrong can be named by file and
// line. Comments are read, since editors put them there, and reported, since not every reader allows them.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace safe_docker::agents {

struct LocatedJson {
  nlohmann::json value;  // discarded if the text is no JSON
  bool has_comments = false;
  std::string problem;  // why it is no JSON; empty if it is
  std::uint32_t problem_line = 0;

  // The line of the value at `pointer` ("/hooks/PreToolUse/0"): where it begins if it is an object or a list, where it
  // ends otherwise. 0 if there is none.
  std::uint32_t LineOf(const std::string& pointer) const;

  std::map<std::string, std::uint32_t, std::less<>> lines;  // by JSON pointer
};

LocatedJson ReadLocatedJson(std::string_view text);

// `key` as one step of a JSON pointer.
std::string PointerStep(std::string_view key);

}  // namespace safe_docker::agents
