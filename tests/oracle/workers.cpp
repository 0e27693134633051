#include "workers.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <new>

namespace safe_docker::oracle {
namespace {

constexpr unsigned kMostWorkers = 64;

// What the processes share.
struct Board {
  std::atomic<std::uint32_t> next{0};
  std::atomic<std::uint32_t> current[kMostWorkers]{};
};

struct Header {
  enum class Kind : std::uint32_t { kProblem, kResult, kDone };
  Kind kind;
  std::uint32_t index;
  std::uint32_t outcome;
  std::uint32_t size;
};

bool WriteAll(int file, const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t count = write(file, at, size);
    if (count <= 0) {
      return false;
    }
    at += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

bool ReadAll(int file, void* data, std::size_t size) {
  char* at = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t count = read(file, at, size);
    if (count <= 0) {
      return false;
    }
    at += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

void Send(int file, Header::Kind kind, const Result& result) {
  const Header header{kind, result.index, result.outcome, static_cast<std::uint32_t>(result.report.size())};
  if (!WriteAll(file, &header, sizeof header) || !WriteAll(file, result.report.data(), result.report.size())) {
    _exit(1);
  }
}

class Pool {
 public:
  Pool(const SandboxPlan& plan, std::uint32_t count, const std::function<Result(Sandbox&, std::uint32_t)>& task)
      : plan_(plan), count_(count), task_(task) {
    void* memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    board_ = new (memory) Board();
  }
  ~Pool() { munmap(board_, sizeof(Board)); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  Outcomes Run(unsigned workers) {
    for (unsigned i = 0; i < workers && i < kMostWorkers; ++i) {
      pipes_.push_back(pollfd{-1, POLLIN, 0});
      Start(i);
    }
    while (Serve()) {
    }
    while (waitpid(-1, nullptr, 0) > 0) {
    }
    return std::move(outcomes_);
  }

 private:
  void Start(unsigned worker) {
    board_->current[worker] = count_;
    int ends[2];
    if (pipe(ends) != 0) {
      outcomes_.problem = "no pipe can be made";
      return;
    }
    std::fflush(nullptr);
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(ends[0]);
      Work(worker, ends[1]);
    }
    close(ends[1]);
    pipes_[worker].fd = ends[0];
  }

  [[noreturn]] void Work(unsigned worker, int answers) {
    Sandbox sandbox;
    const std::string problem = sandbox.Enter(plan_);
    if (!problem.empty()) {
      Send(answers, Header::Kind::kProblem, {0, 0, problem});
      _exit(1);
    }
    for (;;) {
      const std::uint32_t index = board_->next++;
      board_->current[worker] = index;
      if (index >= count_) {
        break;
      }
      Send(answers, Header::Kind::kResult, task_(sandbox, index));
    }
    Send(answers, Header::Kind::kDone, {});
    _exit(0);
  }

  // Takes one message of each worker that has one. False when all are done.
  bool Serve() {
    if (poll(pipes_.data(), pipes_.size(), -1) <= 0) {
      return false;
    }
    bool any = false;
    for (unsigned worker = 0; worker < pipes_.size(); ++worker) {
      if (pipes_[worker].fd >= 0 && pipes_[worker].revents != 0) {
        Receive(worker);
      }
      any = any || pipes_[worker].fd >= 0;
    }
    return any;
  }

  void Receive(unsigned worker) {
    const int file = pipes_[worker].fd;
    Header header{};
    if (!ReadAll(file, &header, sizeof header)) {
      End(worker);
      const std::uint32_t index = board_->current[worker];
      if (index < count_) {
        outcomes_.results.push_back({index, kCrashed, "the process crashed"});
        Start(worker);
      } else {
        outcomes_.problem = "the sandbox's process ended before it began";
      }
      return;
    }
    Result result{header.index, header.outcome, std::string(header.size, ' ')};
    if (!ReadAll(file, result.report.data(), header.size)) {
      End(worker);
      outcomes_.problem = "a report was cut short";
    } else if (header.kind == Header::Kind::kResult) {
      outcomes_.results.push_back(std::move(result));
    } else {
      End(worker);
      outcomes_.problem = header.kind == Header::Kind::kProblem ? result.report : outcomes_.problem;
    }
  }

  void End(unsigned worker) {
    close(pipes_[worker].fd);
    pipes_[worker].fd = -1;
  }

  const SandboxPlan& plan_;
  std::uint32_t count_;
  const std::function<Result(Sandbox&, std::uint32_t)>& task_;
  Board* board_;
  std::vector<pollfd> pipes_;
  Outcomes outcomes_;
};

}  // namespace

Outcomes RunInSandboxes(const SandboxPlan& plan, std::uint32_t count, unsigned workers,
                        const std::function<Result(Sandbox&, std::uint32_t)>& task) {
  return Pool(plan, count, task).Run(workers);
}

}  // namespace safe_docker::oracle
