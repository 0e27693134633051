// The shell commands that stand in texts of programs' own small languages: sed's `e`, `:!` of vi, EXEC: of socat, the
// lines of a crontab, settings of git and ssh.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::shell {

struct SedCommands {
  std::vector<std::string> texts;  // of `e COMMAND`
  bool runs_data = false;          // `e` alone and s///e: what the text becomes is run
};

// The commands that a script of GNU sed runs.
SedCommands CommandsOfSed(std::string_view script);

// The shell text of a command of vi, ex, less, gdb or AppleScript; nothing if it has none.
std::optional<std::string> ShellTextOfEditor(std::string_view command);

// The texts that the lines of a crontab run.
std::vector<std::string> CommandsOfCrontab(std::string_view text);

// The texts of EXEC:, SYSTEM: and SHELL: in an address of socat.
std::vector<std::string> CommandsOfAddress(std::string_view address);

// What git runs if its configuration `name` has `value`; nothing if that names no command.
std::optional<std::string> CommandOfGitSetting(std::string_view name, std::string_view value);

// What ssh runs here for `-o SETTING`; nothing if that names no command.
std::optional<std::string> CommandOfSshSetting(std::string_view setting);

// What the arguments of `tmux send-keys` type.
std::string TypedKeys(const std::vector<std::string>& keys);

// What `screen -X stuff` types.
std::string StuffedText(std::string_view text);

}  // namespace safe_docker::shell
