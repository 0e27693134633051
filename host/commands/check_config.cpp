#include <cstdio>
#include <string>

#include "commands/commands.hpp"
#include "guard.hpp"
#include "modes/door.hpp"
#include "modes/shipped_plugins.hpp"
#include "plugins/plugin_set.hpp"
#include "policy/config.hpp"

namespace safe_docker::commands {
namespace {

// Plugins check their own settings; what they say is reported where they were declared.
void AddPluginProblems(policy::LoadedConfig* loaded) {
  plugins::PluginSet plugin_set(modes::DeclarePlugins(loaded->config, modes::Which::kAll));
  for (const plugins::PluginInfo& info : plugin_set.Describe()) {
    if (info.error.empty()) {
      continue;
    }
    policy::Problem problem;
    problem.key = "plugins." + info.id;
    problem.message = info.error;
    problem.file = info.path;
    for (const policy::PluginSettings& plugin : loaded->config.plugins) {
      if (plugin.id == info.id) {
        problem.file = plugin.file;
        problem.line = plugin.line;
        problem.column = 1;
      }
    }
    loaded->problems.push_back(std::move(problem));
  }
  plugin_set.Close();
}

}  // namespace

int CheckConfig(std::string_view config_path) {
  policy::LoadedConfig loaded = modes::LoadConfiguration(modes::ProcessEnvironment(), config_path, /*thorough=*/true);
  AddPluginProblems(&loaded);
  guard::Answered();
  for (const policy::Problem& problem : loaded.problems) {
    std::puts(Describe(problem).c_str());
  }
  std::string files;
  for (const std::string& file : loaded.files) {
    files += (files.empty() ? "" : ", ") + file;
  }
  std::printf("%s: %s\n", files.empty() ? "built-in defaults (no configuration file)" : files.c_str(),
              loaded.has_errors()       ? "errors; every docker command asks until they are mended"
              : loaded.problems.empty() ? "ok"
                                        : "ok, with warnings");
  return loaded.has_errors() ? 1 : 0;
}

}  // namespace safe_docker::commands
