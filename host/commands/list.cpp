// The list of all commands, and how it is shown.
#include <algorithm>
#include <iterator>

#include "commands/commands.hpp"
#include "commands/terminal.hpp"

namespace safe_docker::commands {
namespace {

// A row for each command; one that is below another stands behind it.
// clang-format off
constexpr Command (*kCommands[])() = {
    &SafeDocker,
    &Hook,
    &ComposeResolving,
    &Explain,
    &Status,
    &Rules,
    &Test,
    &Setup,
    &SetupClaudeCode,
    &Doctor,
    &Completion,
    &ManualPages,
    &CheckConfig,
    &Config,
    &ConfigInit,
    &ConfigReference,
    &ConfigSample,
    &ConfigSchema,
    &Trust,
    &Audit,
    &AuditAnomalies,
    &AuditBaseline,
    &AuditHead,
    &AuditReplay,
    &AuditShow,
    &AuditStats,
    &AuditSuggest,
    &AuditTail,
    &AuditVerify,
    &ListPlugins,
    &PluginNew,
    &PluginCheck,
};
// clang-format on

struct GroupTitle {
  Group group;
  std::string_view title;
};
constexpr GroupTitle kGroups[] = {
    {Group::kJudging, "Judge and run"},  {Group::kUnderstanding, "See what is decided, and why"},
    {Group::kSettingUp, "Set up"},       {Group::kConfiguring, "Configure"},
    {Group::kLog, "Read the audit log"}, {Group::kPlugins, "Plugins"},
};

constexpr std::string_view kBelow = "Commands, each with --help";

constexpr std::size_t kNameColumns = 18;

// Those below another one are in that one's own list.
bool IsBelow(const Manual& manual, std::string_view name) {
  return manual.name.size() > name.size() && manual.name.starts_with(name) && manual.name[name.size()] == ' ';
}

}  // namespace

std::vector<Command> AllCommands() {
  std::vector<Command> commands;
  std::transform(std::begin(kCommands), std::end(kCommands), std::back_inserter(commands),
                 [](Command (*command)()) { return command(); });
  return commands;
}

std::vector<ListedGroup> GroupsBelow(const std::vector<Command>& commands, const Manual& manual) {
  std::vector<ListedGroup> groups;
  if (!manual.name.empty()) {
    groups.push_back({kBelow, {}});
    for (const Command& each : commands) {
      if (IsBelow(each.manual, manual.name)) {
        groups.back().manuals.push_back(&each.manual);
      }
    }
  }
  for (const auto& [group, title] : kGroups) {
    groups.push_back({title, {}});
    for (const Command& each : commands) {
      const bool is_shown = manual.name.empty() && each.manual.group == group && !each.manual.name.empty() &&
                            std::none_of(commands.begin(), commands.end(), [&each](const Command& other) {
                              return !other.manual.name.empty() && IsBelow(each.manual, other.manual.name);
                            });
      if (is_shown) {
        groups.back().manuals.push_back(&each.manual);
      }
    }
  }
  std::erase_if(groups, [](const ListedGroup& each) { return each.manuals.empty(); });
  return groups;
}

std::string ListOf(const std::vector<Command>& commands, const Manual& manual) {
  std::string text;
  const std::size_t front = manual.name.empty() ? 0 : manual.name.size() + 1;
  for (const ListedGroup& group : GroupsBelow(commands, manual)) {
    text += "\n" + std::string(group.title) + ":\n";
    for (const Manual* each : group.manuals) {
      text += "  " + PadRight(each->name.substr(front), kNameColumns) + "  " + std::string(each->summary) + "\n";
    }
  }
  return text;
}

}  // namespace safe_docker::commands
