// Tries a hook as an agent would run it: starts the command line that is configured, hands it a made-up tool call, and
// reads the answer by the agent's rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agents/claude_settings.hpp"
#include "commands/doctor.hpp"

namespace safe_docker::commands {

// What the agent would make of an answer.
enum class HookAnswer : std::uint8_t {
  kSilent,  // no objection
  kAllow,   // runs the command without the user's own permission prompt
  kAsk,
  kDeny,
  kBroken,  // none that counts: the agent runs the command all the same
};

struct HookReply {
  HookAnswer answer = HookAnswer::kBroken;
  std::string what;  // the reason that was given, or what was wrong
};

// The program that a handler starts.
struct HookProgram {
  // Of a direct start, or of a shell line of plain words; empty if a shell has more to do.
  std::vector<std::string> words;
  std::string path;            // the program's file, absolute; empty if there is none
  bool is_ours_alone = false;  // it is this safe-docker as a hook, and nothing else
};
HookProgram FindProgram(const agents::HookHandler& handler, const Visit& visit);

// Runs the handler in the visited folder for `command`.
HookReply TryHook(const agents::HookHandler& handler, const HookProgram& program, const Visit& visit,
                  std::string_view command);

}  // namespace safe_docker::commands
