// What a loaded plugin says of itself, checked before any of its functions runs. Views into the library's own
// constants, which stay as long as the process; rules that come from settings stay as long as the plugin.
#pragma once

#include <safe_docker/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"

namespace safe_docker::plugins {

struct Rule {
  std::string_view id;
  sdp_decision strict;
  sdp_decision standard;
  sdp_decision permissive;
  std::string_view title;
  std::string_view why;
  std::string_view standards;
  std::string_view tags;
  std::uint32_t severity;
};

struct Description {
  std::string_view id;
  std::string_view version;
  std::string_view summary;
  std::vector<Rule> rules;
  std::vector<std::string_view> commands;
  std::uint64_t effects = 0;
  bool advises = false;
  std::string_view settings_schema;

  const Rule* FindRule(std::string_view rule) const;
};

// Reads the description of `plugin`, which must call itself `id`. Returns what is wrong with it, or nothing.
std::string ReadDescription(const sdp_plugin& plugin, std::string_view id, Description* description);

// Adds to the description the rules that `plugin`, made ready as `self`, has from its settings. Returns what is wrong
// with them, or nothing.
std::string ReadOwnRules(const sdp_plugin& plugin, void* self, Description* description);

// Whether an effect of `request` is of a kind in `wanted`, bits as in sdp_description.effects.
bool HasWantedEffect(std::uint64_t wanted, const docker::Request& request);

// "container run" stands for itself, "compose *" for all below compose; no pattern at all stands for every command.
template <typename Patterns>
bool MatchesCommand(const Patterns& patterns, std::string_view command) {
  for (const std::string_view pattern : patterns) {
    const bool below = pattern.ends_with(" *") && command.starts_with(pattern.substr(0, pattern.size() - 1));
    if (below || pattern == command || pattern == "*") {
      return true;
    }
  }
  return patterns.empty();
}

}  // namespace safe_docker::plugins
