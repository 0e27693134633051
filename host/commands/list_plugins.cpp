#include <cstdio>

#include "commands/commands.hpp"
#include "commands/options.hpp"
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

}  // namespace

int ListPlugins(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    return RefuseArguments("plugins takes no arguments");
  }
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

}  // namespace safe_docker::commands
