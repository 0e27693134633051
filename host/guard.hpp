// Makes sure that the process answers, whatever happens inside it. Agents run a command when the hook that should judge
// it merely dies, so a crash, an exit or a hang in a plugin (or here) must still end in a printed "deny" and exit
// code 2. Install() comes first in main; from then on only WriteAnswer() or Answered() ends its watch.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace safe_docker::guard {

// How a dying process says "deny". Both say it on standard error and exit with 2.
enum class Answer : std::uint8_t {
  kHook,    // also as PreToolUse JSON on standard output, for every signal that would end the process
  kWrapper  // for crashes and the deadline only: interrupting and terminating work as without safe-docker
};

// Starts the watch. The answer goes to what is standard output now: descriptor 1 itself is pointed at standard error,
// so that a plugin that prints cannot spoil the answer, nor swallow it by closing the descriptor.
void Install(Answer answer, std::chrono::milliseconds deadline);

// Another deadline, counted from Install. Zero: none, as while a person is being asked.
void SetDeadline(std::chrono::milliseconds deadline);

// What is going on, for the dying answer: "plugin mounts". Copied, shortened to 95 bytes.
void SetStage(std::string_view what);

// Where WriteAnswer writes to.
int AnswerDescriptor();

// Writes the whole answer to what was standard output at Install, then does what Answered does. Exits with 2 if it
// cannot be written.
void WriteAnswer(std::string_view text);

// The answer has been given. A hook that dies after it exits with 0, because agents heed an answer only then. A wrapper
// gets back the timer, signal handlers, signal mask, and descriptors 1 and 2 that it was started with, so that it can
// exec docker.
void Answered();

}  // namespace safe_docker::guard
