#include "commands/outside_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "audit/log_file.hpp"

namespace safe_docker::commands {
namespace {

using audit::Descriptor;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = 1024 * 1024;
constexpr int kNotFound = 127;

struct Pipe {
  Descriptor out;  // to read from
  Descriptor in;   // to write to
};

bool Open(Pipe* pipe_ends) {
  int ends[2];
  if (pipe(ends) != 0) {
    return false;
  }
  pipe_ends->out = Descriptor(ends[0]);
  pipe_ends->in = Descriptor(ends[1]);
  return fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
}

// Nothing of the parent's but its environment; a session of its own, so that no terminal is asked.
[[noreturn]] void BecomeProgram(const ProgramCall& call, const std::array<Pipe, 3>& pipes) {
  setsid();
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  std::signal(SIGPIPE, SIG_DFL);
  dup2(pipes[0].out.get(), STDIN_FILENO);
  dup2(pipes[1].in.get(), STDOUT_FILENO);
  dup2(pipes[2].in.get(), STDERR_FILENO);
  for (const auto& [name, value] : call.variables) {
    setenv(name.c_str(), value.c_str(), /*overwrite=*/1);
  }
  if (!call.folder.empty() && chdir(call.folder.c_str()) != 0) {
    _exit(kNotFound);
  }
  std::vector<char*> words;
  for (const std::string& word : call.words) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  execv(call.path.c_str(), words.data());
  const std::string why = call.path + ": " + std::strerror(errno) + "\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, why.data(), why.size());
  _exit(kNotFound);
}

// Writes what it takes of `text`, and closes the pipe behind the last byte.
void Feed(std::string_view* text, Descriptor* to) {
  const ssize_t size = write(to->get(), text->data(), text->size());
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
    return;
  }
  text->remove_prefix(size < 0 ? text->size() : static_cast<std::size_t>(size));
  if (text->empty()) {
    *to = Descriptor();
  }
}

// Takes what is there to be read, and closes the pipe at its end.
void Take(Descriptor* from, std::string* text) {
  char bytes[4096];
  const ssize_t size = read(from->get(), bytes, sizeof bytes);
  if (size > 0) {
    text->append(bytes, static_cast<std::size_t>(size));
  } else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
    *from = Descriptor();
  }
}

bool HasEnded(pid_t child) {
  siginfo_t info = {};
  return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child;
}

// Talks to the program until it has ended or the time is up; what it has left behind may hold its pipes for ever.
std::string Talk(const ProgramCall& call, pid_t child, std::array<Pipe, 3>* pipes, ProgramEnd* end) {
  std::string_view input = call.input;
  Descriptor& to = (*pipes)[0].in;
  if (input.empty()) {
    to = Descriptor();
  }
  const Clock::time_point until = Clock::now() + call.limit;
  for (;;) {
    const bool has_ended = HasEnded(child);
    std::array<pollfd, 3> waited = {pollfd{to.get(), POLLOUT, 0}, pollfd{(*pipes)[1].out.get(), POLLIN, 0},
                                    pollfd{(*pipes)[2].out.get(), POLLIN, 0}};
    constexpr int kPause = 20;  // milliseconds; a program may end without closing what others hold, too
    const int ready = poll(waited.data(), waited.size(), has_ended ? 0 : kPause);
    if (ready <= 0 && has_ended) {
      return "";
    }
    if (waited[0].revents != 0) {
      Feed(&input, &to);
    }
    if (waited[1].revents != 0) {
      Take(&(*pipes)[1].out, &end->output);
    }
    if (waited[2].revents != 0) {
      Take(&(*pipes)[2].out, &end->errors);
    }
    if (end->output.size() + end->errors.size() > kMostOutput) {
      return "wrote more than 1 MiB";
    }
    if (Clock::now() >= until) {
      return "did not end within " + std::to_string(call.limit.count() / 1000) + " s";
    }
  }
}

}  // namespace

ProgramEnd RunOutside(const ProgramCall& call) {
  ProgramEnd end;
  std::array<Pipe, 3> pipes;
  for (Pipe& each : pipes) {
    if (!Open(&each)) {
      end.problem = std::string("cannot be started: ") + std::strerror(errno);
      return end;
    }
  }
  std::signal(SIGPIPE, SIG_IGN);
  const pid_t child = fork();
  if (child < 0) {
    end.problem = std::string("cannot be started: ") + std::strerror(errno);
    return end;
  }
  if (child == 0) {
    BecomeProgram(call, pipes);
  }
  pipes[0].out = Descriptor();
  pipes[1].in = Descriptor();
  pipes[2].in = Descriptor();
  fcntl(pipes[0].in.get(), F_SETFL, O_NONBLOCK);
  end.problem = Talk(call, child, &pipes, &end);
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (end.problem.empty() && WIFSIGNALED(status)) {
    end.problem = "was ended by signal " + std::to_string(WTERMSIG(status));
  }
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  return end;
}

}  // namespace safe_docker::commands
