// What Claude Code's settings files say of hooks that are asked before a tool runs: which files count in a folder, the
// handlers in each with their places, and the switches that turn hooks off. Reads only; whether a handler is a good one
// is judged elsewhere. Keys that are not about hooks are left alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::agents {

// Whose settings they are, in the order in which the first one wins.
enum class Scope : std::uint8_t { kManaged, kLocal, kProject, kUser };
std::string_view Name(Scope scope);  // "managed"

// Where the files lie.
struct ClaudeFolders {
  std::string managed = "/etc/claude-code";  // of the machine's administrator
  std::string user;                          // ~/.claude, or CLAUDE_CONFIG_DIR; empty without a home
  std::string project;                       // the folder whose .claude is read
};
// The project that `folder` belongs to: the nearest one upwards with a .claude, no further than its repository, else
// the repository; `folder` itself outside of one.
std::string FindClaudeProject(const std::string& folder);

// Those for who works in `folder`.
ClaudeFolders FindClaudeFolders(const Environment& environment, std::string_view folder);

// A variable that the agent sets for all that it starts, hooks included.
struct SettingsVariable {
  std::string name;
  std::uint32_t line = 0;
};

// One entry below hooks.PreToolUse[].hooks[].
struct HookHandler {
  std::string file;
  std::uint32_t line = 0;
  std::string matcher;  // of the group that it stands in; empty: every tool
  std::string type;     // "command", "http", ...
  std::string command;
  std::vector<std::string> args;  // counts only if has_args
  bool has_args = false;          // the program is started directly; otherwise a shell reads `command`
  std::optional<double> timeout;  // seconds
  std::string on_failure;         // "block", or empty
  std::string condition;          // its "if"
  bool is_async = false;          // nobody waits for its answer
};

// True if the handler's command is safe-docker's hook, whatever its place is called.
bool RunsSafeDocker(const HookHandler& handler);

struct SettingsProblem {
  bool is_error = true;  // else the file is read all the same
  std::string file;
  std::uint32_t line = 0;  // 0: the file as a whole
  std::string message;
};
std::string Describe(const SettingsProblem& problem);  // "FILE:LINE: MESSAGE"

struct ClaudeSettings {
  std::string file;
  Scope scope = Scope::kUser;
  bool exists = false;
  std::vector<HookHandler> handlers;        // of PreToolUse, in the order written
  std::vector<SettingsVariable> variables;  // of "env"
  bool disables_all_hooks = false;
  std::uint32_t disables_line = 0;
  bool allows_managed_hooks_only = false;  // counts in managed settings
  std::uint32_t allows_line = 0;
  std::vector<SettingsProblem> problems;

  bool has_errors() const;
};

// All files that count, also those that do not exist, so that they can be named.
std::vector<ClaudeSettings> ReadClaudeSettings(const ClaudeFolders& folders);

// One file.
ClaudeSettings ReadClaudeSettingsFile(const std::string& path, Scope scope);

}  // namespace safe_docker::agents
