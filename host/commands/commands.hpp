// What a person types besides docker commands. Each command is one function that returns its table and its code; the
// list of all is in list.cpp, and main.cpp runs them by it. A command prints to standard output and returns the
// process's exit code: 0, 1 for what it is about (a configuration with errors, a denied command), 2 if it was called
// wrongly.
//
// To add one: write `Command Name() { return {.manual = {...}, .run = &Run}; }` in a file of its own, declare it here,
// and add a row to list.cpp. main.cpp has read the options by the table, has answered --help and refused what the table
// does not know before it calls run(). If docker has a command of that name, or it changes what is judged,
// own_commands.cpp wants a row as well.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/manual.hpp"

namespace safe_docker::commands {

struct Command {
  Manual manual;
  // Null for what safe-docker itself runs, and for what only has commands below it ("audit").
  int (*run)(const Options& options) = nullptr;
  // It loads plugins, which may crash or hang, so that it is watched as the doors are: it calls guard::Answered() when
  // that is behind it.
  bool is_watched = false;
};

// Of safe-docker itself: what it says of itself as a whole, the agent's door and a compose project as it is judged.
Command SafeDocker();
Command Hook();
Command ComposeResolving();

Command CheckConfig();
Command Completion();
Command Config();
Command ConfigInit();
Command ConfigReference();
Command ConfigSample();
Command ConfigSchema();
Command Doctor();
Command Explain();
Command ListPlugins();
Command ManualPages();
Command PluginCheck();
Command PluginNew();
Command Rules();
Command Setup();
Command SetupClaudeCode();
Command Status();
Command Test();
Command Trust();

// The log.
Command Audit();
Command AuditAnomalies();
Command AuditBaseline();
Command AuditHead();
Command AuditReplay();
Command AuditShow();
Command AuditStats();
Command AuditSuggest();
Command AuditTail();
Command AuditVerify();

// All of them, in the order in which they are told of. Those below another one ("audit show") stand behind it.
std::vector<Command> AllCommands();

// Those below `manual`; of safe-docker itself all that are not below another one, by their groups.
struct ListedGroup {
  std::string_view title;
  std::vector<const Manual*> manuals;  // of `commands`
};
std::vector<ListedGroup> GroupsBelow(const std::vector<Command>& commands, const Manual& manual);

// The same as --help lists them, a line each. Empty if there are none.
std::string ListOf(const std::vector<Command>& commands, const Manual& manual);

// `safe-docker compose [COMPOSE-FLAGS] resolve [--format yaml|json] [SERVICE...]`: prints the project as it is judged.
// Nothing if `arguments` are another command; returns only if it cannot be started.
std::optional<int> ComposeResolve(const std::vector<std::string>& arguments);

// A file of its own, so that the door can say it without all of the above.
void PrintVersion();
// With the version of the plugins' contract, as one JSON object.
void PrintVersionAsJson();

}  // namespace safe_docker::commands
