// Patterns for paths, placed where they lead: "~" stands for the home of whoever runs the command, and a folder in
// front of the first "*" that is a link stands for what it leads to as well.
#pragma once

#include <safe_docker/checker.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::rules {

class Places {
 public:
  explicit Places(const plugin::Host& host) : host_(host) {}

  // The patterns that `pattern` stands for; nothing if that is not known, because the home is not.
  const std::optional<std::vector<std::string>>& PatternsFor(const std::string& pattern, std::string_view home);

  // `path` with its links followed; nothing if nobody can tell.
  std::optional<std::string> Resolve(std::string_view path) const;

 private:
  std::optional<std::vector<std::string>> Place(const std::string& pattern) const;

  plugin::Host host_;
  std::string home_;  // that the patterns were placed for
  std::map<std::string, std::optional<std::vector<std::string>>> placed_;
};

}  // namespace safe_docker::rules
