#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/terminal.hpp"
#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "modes/shipped_plugins.hpp"
#include "plugins/plugin_set.hpp"
#include "policy/config.hpp"

namespace safe_docker::commands {
namespace {

using Json = nlohmann::ordered_json;
using modes::Printable;
using plugins::PluginInfo;

std::string RuleLine(const policy::Rule& rule, const Terminal& terminal) {
  return "  " + PadRight(Printable(rule.id), 28) + " " +
         terminal.Paint(rule.profiles.standard, PadRight(policy::Name(rule.profiles.standard), 6)) + " " +
         Printable(rule.title) + "\n";
}

std::string Text(const PluginInfo& info, const Terminal& terminal) {
  const std::string name = terminal.PaintBold(Printable(info.id));
  const std::string path = "  " + Printable(info.path) + "\n";
  if (!info.error.empty()) {
    return name + "  " + terminal.colors.Paint(Color::kBad, "CANNOT BE USED") + "\n" + path + "  " +
           Printable(info.error) + "\n";
  }
  std::string text = name + " " + Printable(info.version) + "  (ABI " + Printable(info.abi) + ")  " +
                     Printable(info.summary) + "\n" + path;
  for (const policy::Rule& rule : info.rules) {
    text += RuleLine(rule, terminal);
  }
  return text;
}

Json AsJson(const PluginInfo& info) {
  Json rules = Json::array();
  for (const policy::Rule& rule : info.rules) {
    rules.push_back({{"id", rule.id}, {"standard", policy::Name(rule.profiles.standard)}, {"title", rule.title}});
  }
  return {{"id", info.id},     {"version", info.version}, {"abi", info.abi},          {"summary", info.summary},
          {"path", info.path}, {"shipped", info.shipped}, {"ok", info.error.empty()}, {"error", info.error},
          {"rules", rules}};
}

int Run(const Options& options) {
  policy::LoadedConfig loaded = modes::LoadConfiguration(modes::ProcessEnvironment(), {});
  plugins::PluginSet plugin_set(modes::DeclarePlugins(loaded.config, modes::Which::kAll));
  const std::vector<PluginInfo> infos = plugin_set.Describe();
  plugin_set.Close();
  guard::Answered();
  const Terminal terminal = Terminal::OfOutput();
  Json list = Json::array();
  std::string text;
  for (const PluginInfo& info : infos) {
    list.push_back(AsJson(info));
    text += Text(info, terminal);
  }
  Print(options.Has("--json") ? AsciiJson(list) + "\n" : text);
  return std::any_of(infos.begin(), infos.end(), [](const PluginInfo& info) { return !info.error.empty(); }) ? 1 : 0;
}

}  // namespace

Command ListPlugins() {
  return {
      .manual = {.name = "plugins",
                 .group = Group::kPlugins,
                 .summary = "list the plugins and their rules",
                 .usage = {"plugins [--json]"},
                 .description = {"Loads the plugins of the configuration, as a docker command would, and lists them "
                                 "with their versions, files and rules."},
                 .options = {{"--json", "", "as a JSON array"}},
                 .examples = {{"safe-docker plugins", "What is in force, and from which files."},
                              {"safe-docker plugins --json", "The same, for a program."}},
                 .exit_codes = {{0, "all of them can be used"},
                                {1, "one cannot be used; docker commands that it would judge are denied"},
                                {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-rules(1)", "safe-docker-plugins(7)"}},
      .run = &Run,
      .is_watched = true};
}

}  // namespace safe_docker::commands
