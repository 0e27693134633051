#include "guard.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iterator>

#if defined(SAFE_DOCKER_SANITIZED)
#define SAFE_DOCKER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SAFE_DOCKER_SANITIZED 1
#endif
#endif

namespace safe_docker::guard {
namespace {

struct WatchedSignal {
  int number;
  std::string_view name;
  bool hook_only;  // the wrapper leaves it as it finds it
};

// Every signal that ends a process, can be caught, and may come from a plugin, a resource limit or the agent.
constexpr WatchedSignal kSignals[] = {
    {SIGSEGV, "SIGSEGV", false}, {SIGBUS, "SIGBUS", false},   {SIGFPE, "SIGFPE", false},
    {SIGILL, "SIGILL", false},   {SIGABRT, "SIGABRT", false}, {SIGSYS, "SIGSYS", false},
    {SIGTRAP, "SIGTRAP", false}, {SIGALRM, "", false},        {SIGTERM, "SIGTERM", true},
    {SIGINT, "SIGINT", true},    {SIGHUP, "SIGHUP", true},    {SIGQUIT, "SIGQUIT", true},
    {SIGPIPE, "SIGPIPE", true},  {SIGXCPU, "SIGXCPU", true},  {SIGXFSZ, "SIGXFSZ", true},
    {SIGUSR1, "SIGUSR1", true},  {SIGUSR2, "SIGUSR2", true},  {SIGVTALRM, "SIGVTALRM", true},
    {SIGPROF, "SIGPROF", true},
};

enum Phase : std::sig_atomic_t { kOff, kWatching, kAnswered, kDying };

// Signal handlers get no argument of ours, so this is the one place where the process has global state.
struct State {
  volatile std::sig_atomic_t phase = kOff;
  Answer answer = Answer::kHook;
  pid_t process = 0;
  int output = STDOUT_FILENO;
  int error = STDERR_FILENO;
  timespec start = {};
  char stage[96] = {};
  sigset_t former_mask = {};
  struct sigaction former[std::size(kSignals)] = {};
};
constinit State state;

// Large enough for the largest register state that a kernel saves on it; a stack overflow leaves no other.
alignas(16) constinit char alternate_stack[64 * 1024] = {};

// Ends the process without asking anybody: no exit handlers, no interposed _exit.
[[noreturn]] void ExitNow(int status) {
#if defined(SYS_exit_group)
  for (;;) {
    syscall(SYS_exit_group, status);
  }
#else
  _exit(status);
#endif
}

// A text in a fixed buffer, put together by signal handlers. What does not fit is cut off.
class Text {
 public:
  Text& Add(std::string_view part) {
    const std::size_t count = std::min(part.size(), sizeof bytes_ - size_);
    std::copy_n(part.data(), count, bytes_ + size_);
    size_ += count;
    return *this;
  }
  std::string_view view() const { return {bytes_, size_}; }

 private:
  char bytes_[1024];
  std::size_t size_ = 0;
};

bool WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
  return true;
}

// Why nothing was judged, as one line that needs no escaping in JSON.
void AddSentence(std::string_view cause, Text* text) {
  constexpr std::string_view kPlugin = "plugin ";
  const std::string_view stage(state.stage);
  text->Add("[safe-docker] internal failure (").Add(cause);
  if (!stage.empty()) {
    text->Add(" in ").Add(stage);
  }
  text->Add("): the command was not judged, so it is denied. ");
  if (stage.substr(0, kPlugin.size()) == kPlugin) {
    text->Add("Repair that plugin, or set enabled = false under [plugins.")
        .Add(stage.substr(kPlugin.size()))
        .Add("] in config.toml.");
  } else {
    text->Add("If it happens again, report it together with the command.");
  }
}

// The last words. Calls only what a signal handler may call.
[[noreturn]] void Die(std::string_view cause) {
  const bool first = state.phase == kWatching;
  state.phase = kDying;
  if (!first || getpid() != state.process) {
    ExitNow(2);  // dying failed, or this is a child that somebody forked: the answer is not its business
  }
  Text sentence;
  AddSentence(cause, &sentence);
  if (state.answer == Answer::kHook) {
    Text json;
    json.Add(R"({"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny",)")
        .Add(R"("permissionDecisionReason":")")
        .Add(sentence.view())
        .Add("\"}}\n");
    WriteAll(state.output, json.view());
  }
  sentence.Add("\n");
  WriteAll(state.error, sentence.view());
  ExitNow(2);
}

void OnSignal(int number) {
  if (state.phase == kAnswered) {
    ExitNow(0);
  }
  if (number == SIGALRM) {
    Die("out of time");
  }
  for (const WatchedSignal& watched : kSignals) {
    if (watched.number == number) {
      Die(watched.name);
    }
  }
  Die("a signal");
}

void OnTerminate() {
  if (state.phase == kAnswered) {
    ExitNow(0);
  }
  Die("uncaught exception");
}

void OnExit() {
  if (state.phase == kWatching) {
    Die("exit was called");
  }
}

bool IsWatched(const WatchedSignal& watched) { return !watched.hook_only || state.answer == Answer::kHook; }

void TakeSignals() {
  const stack_t stack = {alternate_stack, 0, sizeof alternate_stack};
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;  // a crash while dying comes back here instead of ending in silence
  sigemptyset(&action.sa_mask);
  sigset_t watched_set;
  sigemptyset(&watched_set);
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    if (IsWatched(kSignals[i])) {
      sigaction(kSignals[i].number, &action, &state.former[i]);
      sigaddset(&watched_set, kSignals[i].number);
    }
  }
  // A mask is inherited: whoever started the process may have blocked what must get through.
  sigprocmask(SIG_UNBLOCK, &watched_set, &state.former_mask);
}

void GiveBackSignals() {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    if (IsWatched(kSignals[i])) {
      sigaction(kSignals[i].number, &state.former[i], nullptr);
    }
  }
  sigprocmask(SIG_SETMASK, &state.former_mask, nullptr);
}

// Whatever a plugin did to them.
void GiveBackDescriptors() {
  if (state.output != STDOUT_FILENO) {
    dup2(state.output, STDOUT_FILENO);
  }
  if (state.error != STDERR_FILENO) {
    dup2(state.error, STDERR_FILENO);
  }
}

// A copy of `descriptor` out of the way of those who close the low ones; itself if it cannot be had.
int Duplicate(int descriptor) {
  constexpr int kLowest = 30;
  const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, kLowest);
  return copy < 0 ? descriptor : copy;
}

void SetTimer(std::chrono::microseconds time) {
  itimerval timer = {};
  timer.it_value.tv_sec = static_cast<time_t>(time.count() / 1'000'000);
  timer.it_value.tv_usec = static_cast<suseconds_t>(time.count() % 1'000'000);
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

void Install(Answer answer, std::chrono::milliseconds deadline) {
  clock_gettime(CLOCK_MONOTONIC, &state.start);
  state.answer = answer;
  state.process = getpid();
  state.output = Duplicate(STDOUT_FILENO);
  state.error = Duplicate(STDERR_FILENO);
  if (state.output != STDOUT_FILENO) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  state.phase = kWatching;
  TakeSignals();
  std::set_terminate(OnTerminate);
  std::atexit(OnExit);
#if defined(__linux__)
  static_cast<void>(std::at_quick_exit(OnExit));  // refused only past 32 of them
#endif
  SetDeadline(deadline);
}

void SetDeadline(std::chrono::milliseconds deadline) {
  using std::chrono::microseconds;
  if (deadline.count() <= 0) {
    SetTimer(microseconds(0));
    return;
  }
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const microseconds elapsed((now.tv_sec - state.start.tv_sec) * 1'000'000 +
                             (now.tv_nsec - state.start.tv_nsec) / 1000);
  SetTimer(std::max(microseconds(deadline) - elapsed, microseconds(1)));
}

void SetStage(std::string_view what) {
  const std::size_t size = std::min(what.size(), sizeof state.stage - 1);
  for (std::size_t i = 0; i < size; ++i) {
    const char c = what[i];
    const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
    state.stage[i] = plain ? c : '?';
  }
  state.stage[size] = '\0';
}

int AnswerDescriptor() { return state.phase == kWatching ? state.output : STDOUT_FILENO; }

void WriteAnswer(std::string_view text) {
  if (!WriteAll(state.output, text)) {
    Die("the answer cannot be written");
  }
  Answered();
}

void Answered() {
  if (state.phase != kWatching) {
    return;
  }
  state.phase = kAnswered;
  if (state.answer == Answer::kWrapper) {
    SetTimer(std::chrono::microseconds(0));
    GiveBackSignals();
    GiveBackDescriptors();
  }
}

namespace {

// What _exit does while the guard is in charge: see below.
[[noreturn, maybe_unused]] void Exit(int status) {
  if (state.phase == kWatching && getpid() == state.process) {
    Die("_exit was called");
  }
  ExitNow(status);
}

}  // namespace

// _exit runs no handler, so it is taken over by name: plugins bind to the executable's symbol before libc's. Sanitizers
// take it over themselves.
#if defined(__linux__) && !defined(SAFE_DOCKER_SANITIZED)
extern "C" {
[[gnu::visibility("default")]] void _exit(int status) { Exit(status); }
[[gnu::visibility("default")]] void _Exit(int status) noexcept { Exit(status); }
}
#endif

}  // namespace safe_docker::guard
