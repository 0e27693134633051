#include "conformance/isolated.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

namespace safe_docker::conformance {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

// Out of the way of those who close or count the low ones.
constexpr int kDescriptor = 200;

struct NamedSignal {
  int number;
  std::string_view name;
};
constexpr NamedSignal kSignals[] = {
    {SIGSEGV, "SIGSEGV, an invalid memory access"},
    {SIGBUS, "SIGBUS, an invalid memory access"},
    {SIGABRT, "SIGABRT: abort was called, or an exception left a function that lets none through"},
    {SIGFPE, "SIGFPE, an invalid calculation"},
    {SIGILL, "SIGILL, an invalid instruction"},
    {SIGTRAP, "SIGTRAP"},
    {SIGSYS, "SIGSYS"},
    {SIGPIPE, "SIGPIPE"},
    {SIGTERM, "SIGTERM"},
    {SIGALRM, "SIGALRM"},
    {SIGKILL, "SIGKILL: perhaps it took too much memory"},
};

std::string NameOf(int number) {
  for (const NamedSignal& each : kSignals) {
    if (each.number == number) {
      return std::string(each.name);
    }
  }
  return "signal " + std::to_string(number);
}

void WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      return;
    }
    text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
}

// A new process without the parent's plans for signals, with nowhere to read from, and `output` to write to.
void BecomeChild(int output) {
  setpgid(0, 0);
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  for (const NamedSignal& each : kSignals) {
    std::signal(each.number, SIG_DFL);  // whoever watches them, such as a sanitizer
  }
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC); nothing >= 0) {
    dup2(nothing, STDIN_FILENO);
    close(nothing);
  }
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  // Whether an exception of a plugin can be caught depends on whether this program has thrown one before; so that it is
  // the same each time, it has.
  try {
    throw 0;
  } catch (int) {
    return;
  }
}

std::string ReadBeginning(int descriptor) {
  char text[200];
  const ssize_t size = pread(descriptor, text, sizeof text, 0);
  return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::string Seconds(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s" : std::to_string(time.count()) + " ms";
}

constexpr std::size_t kLongestLine = 1024 * 1024;

// The parent's side of one child.
class Listener {
 public:
  Listener(const Limits& limits, int descriptor, std::string secret, Report* report)
      : limits_(limits), descriptor_(descriptor), secret_(std::move(secret)), report_(*report) {}

  // Until the child has closed its end or has taken too long.
  void Run() {
    const Clock::time_point end = Clock::now() + limits_.all;
    Clock::time_point call_end = Clock::now() + limits_.call;
    for (;;) {
      const Clock::time_point until = std::min(end, call_end);
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
      pollfd waited = {descriptor_, POLLIN, 0};
      const int ready = poll(&waited, 1, left < 0 ? 0 : static_cast<int>(left) + 1);
      if (ready < 0 && errno == EINTR) {
        continue;
      }
      if (ready == 0) {
        ending.how = "did not come back within " + Seconds(until == end ? limits_.all : limits_.call);
        return;
      }
      if (!Take() || ending.finished) {
        return;
      }
      call_end = Clock::now() + limits_.call;
    }
  }

  Ending ending;

 private:
  // False at the end.
  bool Take() {
    char bytes[4096];
    const ssize_t size = read(descriptor_, bytes, sizeof bytes);
    if (size <= 0) {
      return size < 0 && errno == EINTR;
    }
    rest_.append(bytes, static_cast<std::size_t>(size));
    for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
      // What does not begin with the secret was written by somebody else.
      if (rest_.starts_with(secret_)) {
        Understand(Json::parse(rest_.substr(secret_.size(), end - secret_.size()), nullptr,
                               /*allow_exceptions=*/false));
      }
      rest_.erase(0, end + 1);
    }
    if (rest_.size() > kLongestLine) {
      rest_.clear();  // somebody writes without end; ours begin with a line's end
    }
    return true;
  }

  void Understand(const Json& line) {
    std::vector<std::string> texts;
    for (const Json& text : line) {
      texts.push_back(text.is_string() ? text.get<std::string>() : "");
    }
    if (!line.is_array() || texts.empty()) {
      return;
    }
    const std::string& kind = texts[0];
    if (kind == "doing" && texts.size() == 3) {
      ending.doing = texts[1];
      ending.reached = Number(texts[2]);
    } else if (kind == "point" && texts.size() == 5) {
      const std::size_t level = std::min<std::size_t>(Number(texts[2]), static_cast<std::size_t>(Level::kFailure));
      report_.points.push_back({texts[1], static_cast<Level>(level), texts[3], texts[4]});
    } else if (kind == "fact" && texts.size() == 3) {
      report_.facts.insert_or_assign(texts[1], texts[2]);
    } else if (kind == "detail" && texts.size() == 2) {
      report_.details.push_back(texts[1]);
    } else if (kind == "finished") {
      ending.finished = true;
    }
  }

  static std::size_t Number(const std::string& text) {
    std::size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  const Limits& limits_;
  int descriptor_;
  std::string secret_;
  Report& report_;
  std::string rest_;
};

// Whether the child has ended by itself, if it is given `time` for it.
bool HasEnded(pid_t child, std::chrono::milliseconds time) {
  for (const Clock::time_point end = Clock::now() + time; Clock::now() < end;) {
    siginfo_t info = {};
    if (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child) {
      return true;
    }
    const timespec pause = {0, 500'000};
    nanosleep(&pause, nullptr);
  }
  return false;
}

int WaitFor(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

[[noreturn]] void Fatal(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// A word that nobody guesses who writes into descriptors that are not its own. It keeps out what is careless: a plugin
// that searches the memory of its process finds it.
std::string MakeSecret() {
  unsigned char bytes[16] = {};
  if (getentropy(bytes, sizeof bytes) != 0) {
    Fatal("there are no random bytes");  // without them anything would be believed
  }
  std::string secret;
  for (const unsigned char byte : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    secret += kDigits[byte / 16U];
    secret += kDigits[byte % 16U];
  }
  return secret;
}

}  // namespace

void Teller::Send(std::string_view kind, std::initializer_list<std::string_view> texts) {
  Json line = Json::array({kind});
  for (const std::string_view text : texts) {
    line.push_back(text);
  }
  // In front of it, too, a line's end: somebody may have begun a line here.
  WriteAll(descriptor_, "\n" + secret_ + line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void Teller::Doing(std::string_view what) { Send("doing", {what, "0"}); }
void Teller::Begin(std::size_t index, std::string_view what) { Send("doing", {what, std::to_string(index)}); }
void Teller::Tell(const Point& point) {
  Send("point", {point.id, std::to_string(static_cast<int>(point.level)), point.text, point.advice});
}
void Teller::Know(std::string_view fact, std::string_view value) { Send("fact", {fact, value}); }
void Teller::Detail(std::string_view text) { Send("detail", {text}); }
void Teller::Finish() { Send("finished", {}); }

Ending RunIsolated(const Limits& limits, const std::function<void(Teller&)>& body, Report* report) {
  int ends[2];
  std::FILE* const output = std::tmpfile();
  if (output == nullptr || pipe(ends) != 0) {
    Fatal("a child process cannot be prepared");
  }
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  std::fflush(nullptr);
  const std::string secret = MakeSecret();
  const pid_t child = fork();
  if (child < 0) {
    Fatal("a child process cannot be started");
  }
  if (child == 0) {
    BecomeChild(fileno(output));
    const int descriptor = fcntl(ends[1], F_DUPFD_CLOEXEC, kDescriptor);
    close(ends[0]);
    close(ends[1]);
    // Where this process itself is the child of another trial, its teller is not for what runs here.
    for (int outer = kDescriptor; outer < descriptor; ++outer) {
      close(outer);
    }
    Teller teller(descriptor, secret);
    body(teller);
    std::fflush(nullptr);
    teller.Finish();
    _exit(0);
  }
  close(ends[1]);
  Listener listener(limits, ends[0], secret, report);
  listener.Run();
  close(ends[0]);
  Ending ending = std::move(listener.ending);
  if (ending.how.empty() && !HasEnded(child, limits.call)) {
    ending.how = ending.finished ? "" : "closed descriptors that are not its own, and did not end";
  }
  kill(-child, SIGKILL);  // with what it has left behind
  kill(child, SIGKILL);
  const int status = WaitFor(child);
  if (ending.how.empty() && !ending.finished) {
    ending.how = WIFSIGNALED(status) ? "was ended by " + NameOf(WTERMSIG(status))
                                     : "ended the process with exit status " + std::to_string(WEXITSTATUS(status));
  }
  ending.output = ReadBeginning(fileno(output));
  std::fclose(output);
  return ending;
}

}  // namespace safe_docker::conformance
