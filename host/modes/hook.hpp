// The agent's door: Claude Code's PreToolUse JSON comes in on standard input, and an answer goes out on standard
// output: one JSON object for ask and deny, nothing for no objection.
#pragma once

namespace safe_docker::modes {

// Reads standard input, answers, writes the audit log. Returns the process's exit code.
int RunHook();

}  // namespace safe_docker::modes
