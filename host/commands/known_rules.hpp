// Every rule that can object under a configuration: the host's own and those of the plugins in force.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/plugin_set.hpp"
#include "policy/config.hpp"
#include "policy/rules.hpp"

namespace safe_docker::commands {

struct KnownRules {
  std::vector<policy::Rule> rules;           // the host's first, then in the order of the plugins
  std::vector<plugins::PluginInfo> plugins;  // their own lists of rules are empty
};

KnownRules DescribeRules(const policy::Config& config);

// "; did you mean mounts/outside-home?", or where to look.
std::string NearestRule(std::string_view id, const std::vector<policy::Rule>& rules);

}  // namespace safe_docker::commands
