// The list of all commands, and how it is shown.
#include <algorithm>
#include <iterator>

#include "commands/commands.hpp"
#include "commands/terminal.hpp"

namespace safe_docker::commands {
namespace {

// A row for each command; one that is below another stands behind it.
constexpr Command (*kCommands[])() = {
    &SafeDocker,   &Hook,           &ComposeResolving, &Explain,         &Status,       &Rules,        &Test,
    &CheckConfig,  &Config,         &ConfigInit,       &ConfigReference, &ConfigSample, &ConfigSchema, &Trust,
    &Audit,        &AuditAnomalies, &AuditBaseline,    &AuditHead,       &AuditReplay,  &AuditShow,    &AuditStats,
    &AuditSuggest, &AuditTail,      &AuditVerify,      &ListPlugins,     &PluginNew,    &PluginCheck,  &Doctor,
};

struct GroupTitle {
  Group group;
  std::string_view title;
};
constexpr GroupTitle kGroups[] = {
    {Group::kJudging, "Judge and run"},  {Group::kUnderstanding, "See what is decided, and why"},
    {Group::kSettingUp, "Set up"},       {Group::kConfiguring, "Configure"},
    {Group::kLog, "Read the audit log"}, {Group::kPlugins, "Plugins"},
};

constexpr std::size_t kNameColumns = 18;

std::string Line(const Manual& manual, std::string_view name) {
  return "  " + PadRight(name, kNameColumns) + "  " + std::string(manual.summary) + "\n";
}

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

std::string ListOf(const std::vector<Command>& commands, const Manual& manual) {
  std::string text;
  if (!manual.name.empty()) {
    for (const Command& each : commands) {
      text +=
          IsBelow(each.manual, manual.name) ? Line(each.manual, each.manual.name.substr(manual.name.size() + 1)) : "";
    }
    return text.empty() ? "" : "\nCommands, each with --help:\n" + text;
  }
  for (const auto& [group, title] : kGroups) {
    std::string lines;
    for (const Command& each : commands) {
      const bool is_shown = each.manual.group == group && !each.manual.name.empty() &&
                            std::none_of(commands.begin(), commands.end(), [&each](const Command& other) {
                              return !other.manual.name.empty() && IsBelow(each.manual, other.manual.name);
                            });
      lines += is_shown ? Line(each.manual, each.manual.name) : "";
    }
    text += lines.empty() ? "" : "\n" + std::string(title) + ":\n" + lines;
  }
  return text;
}

}  // namespace safe_docker::commands
