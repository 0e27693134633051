#include "commands/audit_replaying.hpp"

#include <algorithm>

#include "modes/door.hpp"
#include "modes/shipped_plugins.hpp"

namespace safe_docker::commands {

audit::Replayer Judge::MakeReplayer() const {
  std::vector<plugins::Declaration> declarations = modes::DeclarePlugins(config.config, modes::Which::kNeeded);
  const bool lacks_expanders = std::any_of(
      config.config.plugins.begin(), config.config.plugins.end(),
      [](const policy::PluginSettings& plugin) { return !plugin.enabled && modes::IsShippedExpander(plugin.id); });
  return {std::move(declarations), config, lacks_expanders};
}

Judge ReadJudge(const std::string& config_path) {
  Judge judge;
  judge.config = modes::LoadConfiguration(modes::ProcessEnvironment(), config_path, /*thorough=*/false);
  for (const policy::Problem& problem : judge.config.problems) {
    if (problem.severity == policy::Problem::Severity::kError && judge.problem.empty()) {
      judge.problem = Describe(problem);
    }
  }
  return judge;
}

}  // namespace safe_docker::commands
