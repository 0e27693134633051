// The hook that safe-docker sets up in a settings file of Claude Code: puts it there, brings an older one up to date,
// and takes it out again, as changes of the text that leave everything else as it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::agents {

// The file's new text, or why there is none. The text is the old one if nothing was to be done.
struct SettingsEdit {
  std::string text;
  std::vector<std::string> changes;  // what was done, a phrase each; empty: nothing was to be done
  std::string problem;               // the file cannot be changed, or it is not for us to do so; empty if it could be
  std::uint32_t line = 0;            // of the problem; 0: the file as a whole
};

// `text`, in which PreToolUse starts `program` ("/usr/bin/safe-docker") with the argument "hook" for each tool that
// runs commands, and stops the tool if that fails. Empty text is a new file.
SettingsEdit AddClaudeHook(std::string_view text, std::string_view program);

// `text` without any hook that AddClaudeHook has written, whatever program it starts, and without what it left empty.
SettingsEdit RemoveClaudeHook(std::string_view text);

// The Claude Code that knows what to do when a hook fails; older ones run the tool then.
inline constexpr std::string_view kFirstVersionThatBlocks = "2.1.295";

}  // namespace safe_docker::agents
