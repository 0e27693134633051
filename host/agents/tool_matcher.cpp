#include "agents/tool_matcher.hpp"

#include <algorithm>
#include <regex>
#include <string>

namespace safe_docker::agents {
namespace {

constexpr std::string_view kBetweenNames = ",| ";
// A pattern for the names of tools is short. The library that reads it goes as deep as the pattern is long.
constexpr std::size_t kLongestPattern = 1000;

bool IsOfName(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_' || letter == '-';
}

bool IsList(std::string_view matcher) {
  return std::all_of(matcher.begin(), matcher.end(), [](char letter) {
    return IsOfName(letter) || kBetweenNames.find(letter) != std::string_view::npos;
  });
}

bool HasName(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(kBetweenNames), list.size());
    if (list.substr(0, end) == name) {
      return true;
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

Match MatchTool(std::string_view matcher, std::string_view tool) {
  if (matcher.empty() || matcher == "*") {
    return Match::kYes;
  }
  if (IsList(matcher)) {
    return HasName(matcher, tool) ? Match::kYes : Match::kNo;
  }
  if (matcher.size() > kLongestPattern) {
    return Match::kNoPattern;
  }
  try {
    const std::regex pattern(std::string(matcher), std::regex::ECMAScript);
    return std::regex_search(std::string(tool), pattern) ? Match::kYes : Match::kNo;
  } catch (const std::regex_error&) {
    return Match::kNoPattern;
  }
}

}  // namespace safe_docker::agents
