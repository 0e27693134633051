#include <cstdio>

#include "commands/commands.hpp"
#include "guard.hpp"
#include "modes/door.hpp"
#include "modes/shipped_plugins.hpp"
#include "plugins/plugin_set.hpp"
#include "policy/config.hpp"

namespace safe_docker::commands {
namespace {

void Print(const plugins::PluginInfo& info) {
  std::printf("%s %s  (ABI %s)  %s\n", info.id.c_str(), info.version.c_str(), info.abi.c_str(), info.summary.c_str());
  std::printf("  %s\n", info.path.c_str());
  for (const policy::Rule& rule : info.rules) {
    std::printf("  %-28s %-6s %s\n", rule.id.c_str(), std::string(policy::Name(rule.profiles.standard)).c_str(),
                rule.title.c_str());
  }
}

int Run(const Options&) {
  policy::LoadedConfig loaded = modes::LoadConfiguration(modes::ProcessEnvironment(), {});
  plugins::PluginSet plugin_set(modes::DeclarePlugins(loaded.config, modes::Which::kAll));
  const std::vector<plugins::PluginInfo> infos = plugin_set.Describe();
  plugin_set.Close();
  guard::Answered();
  int code = 0;
  for (const plugins::PluginInfo& info : infos) {
    if (info.error.empty()) {
      Print(info);
    } else {
      std::printf("%s  CANNOT BE USED\n  %s\n  %s\n", info.id.c_str(), info.path.c_str(), info.error.c_str());
      code = 1;
    }
  }
  return code;
}

}  // namespace

Command ListPlugins() {
  return {
      .manual = {.name = "plugins",
                 .group = Group::kPlugins,
                 .summary = "list the plugins and their rules",
                 .usage = {"plugins"},
                 .description = {"Loads the plugins of the configuration, as a docker command would, and lists them "
                                 "with their versions, files and rules."},
                 .examples = {{"safe-docker plugins", "What is in force, and from which files."}},
                 .exit_codes = {{0, "all of them can be used"},
                                {1, "one cannot be used; docker commands that it would judge are denied"},
                                {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-rules(1)", "safe-docker-plugins(7)"}},
      .run = &Run,
      .is_watched = true};
}

}  // namespace safe_docker::commands
