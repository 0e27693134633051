#include "commands/known_rules.hpp"

#include <iterator>

#include "modes/shipped_plugins.hpp"
#include "policy/suggestion.hpp"

namespace safe_docker::commands {

KnownRules DescribeRules(const policy::Config& config) {
  KnownRules known;
  for (const policy::HostRule& rule : policy::HostRules()) {
    known.rules.push_back({std::string(rule.id), rule.profiles, std::string(rule.title), std::string(rule.why), "",
                           std::string(rule.tags), rule.severity});
  }
  plugins::PluginSet plugin_set(modes::DeclarePlugins(config, modes::Which::kAll));
  known.plugins = plugin_set.Describe();
  plugin_set.Close();
  for (plugins::PluginInfo& info : known.plugins) {
    std::move(info.rules.begin(), info.rules.end(), std::back_inserter(known.rules));
    info.rules.clear();
  }
  return known;
}

std::string NearestRule(std::string_view id, const std::vector<policy::Rule>& rules) {
  std::vector<std::string_view> ids;
  for (const policy::Rule& rule : rules) {
    ids.push_back(rule.id);
  }
  const std::string_view nearest = policy::Nearest(id, ids);
  return nearest.empty() ? "; `safe-docker rules` lists them" : ", did you mean " + std::string(nearest) + "?";
}

}  // namespace safe_docker::commands
