#include "sandbox.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "call_log.hpp"
#include "sandbox_root.hpp"
#include "stub_log.hpp"

namespace safe_docker::oracle {

const char* const kEnvironment[] = {
    "HOME=/home/u", "USER=u", "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "TERM=dumb", "TZ=UTC", nullptr};

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr uid_t kUser = 1000;
constexpr milliseconds kSnippetLimit{2000};
constexpr milliseconds kAskLimit{5000};
constexpr rlim_t kLargestFile = rlim_t{16} << 20;
constexpr rlim_t kLargestMemory = rlim_t{2} << 30;
constexpr rlim_t kMostProcesses = 400;
constexpr rlim_t kMostSeconds = 3;
constexpr std::size_t kMostOutput = 64 * 1024;

void WriteText(const char* path, const std::string& text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file >= 0) {
    // A refused write shows in what fails next.
    static_cast<void>(!write(file, text.data(), text.size()));
    close(file);
  }
}

void SetLimit(__rlimit_resource resource, rlim_t value) {
  const rlimit limit{value, value};
  setrlimit(resource, &limit);
}

std::string ReadAll(int file, std::size_t most) {
  std::string text;
  char piece[16 * 1024];
  while (text.size() < most) {
    const ssize_t count = pread(file, piece, sizeof piece, static_cast<off_t>(text.size()));
    if (count <= 0) {
      break;
    }
    text.append(piece, static_cast<std::size_t>(count));
  }
  return text;
}

int MemoryFile() { return memfd_create("output", MFD_CLOEXEC); }

}  // namespace

std::string Sandbox::MakeNamespaces() {
  constexpr int kNamespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
  const uid_t user = geteuid();
  const gid_t group = getegid();
  is_root_ = user == 0 && unshare(kNamespaces) == 0;
  if (is_root_) {
    return {};
  }
  if (unshare(CLONE_NEWUSER | kNamespaces) != 0) {
    return std::string("no namespaces can be made: ") + std::strerror(errno);
  }
  WriteText("/proc/self/setgroups", "deny");
  WriteText("/proc/self/uid_map", std::to_string(kUser) + " " + std::to_string(user) + " 1");
  WriteText("/proc/self/gid_map", std::to_string(kUser) + " " + std::to_string(group) + " 1");
  return {};
}

std::string Sandbox::Enter(const SandboxPlan& plan) {
  ReadTemplate(plan.home);
  std::string problem = MakeNamespaces();
  if (!problem.empty()) {
    return problem;
  }
  const pid_t first = fork();
  if (first < 0) {
    return std::string("fork: ") + std::strerror(errno);
  }
  if (first > 0) {
    int status = 0;
    while (waitpid(first, &status, 0) < 0 && errno == EINTR) {
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128);
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  problem = MakeRoot(plan);
  log_ = open(kLogPath, O_RDWR | O_CLOEXEC);
  if (problem.empty() && log_ < 0) {
    problem = "the log cannot be opened";
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return problem;
}

void Sandbox::ReadTemplate(const std::filesystem::path& home) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home)) {
    struct stat info {};
    if (stat(entry.path().c_str(), &info) != 0) {
      continue;
    }
    TemplateFile file{"/" + entry.path().lexically_relative(home).string(), info.st_mode & 07777U, "",
                      entry.is_directory()};
    if (!file.is_folder) {
      const int source = open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
      file.content = ReadAll(source, kLargestFile);
      close(source);
    }
    template_.push_back(std::move(file));
  }
  std::sort(template_.begin(), template_.end(),
            [](const TemplateFile& left, const TemplateFile& right) { return left.path < right.path; });
}

void Sandbox::WriteTemplate() const {
  for (const TemplateFile& file : template_) {
    const std::string path = kHome + file.path;
    // Not group-writable, whatever the umask of the checkout was.
    const mode_t mode = (file.mode & 0100U) != 0 ? 0755 : 0644;
    if (file.is_folder) {
      mkdir(path.c_str(), 0755);
    } else {
      const int target = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, mode);
      static_cast<void>(!write(target, file.content.data(), file.content.size()));
      close(target);
    }
    static_cast<void>(!lchown(path.c_str(), kUser, kUser));
  }
}

void Sandbox::Reset() {
  for (const char* folder : {kHome, "/tmp"}) {
    if (has_home_) {
      umount2(folder, MNT_DETACH);
    }
    mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,uid=1000,gid=1000,size=64m,nr_inodes=20000");
  }
  has_home_ = true;
  WriteTemplate();
}

void Sandbox::Exec(const std::vector<std::string>& command, bool with_memory_limit) const {
  if (chdir(kProject) != 0) {
    _exit(126);
  }
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  umask(022);
  if (is_root_ &&
      (setgroups(0, nullptr) != 0 || setresgid(kUser, kUser, kUser) != 0 || setresuid(kUser, kUser, kUser) != 0)) {
    _exit(126);
  }
  std::vector<char*> argv;
  for (const std::string& word : command) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  SetLimit(RLIMIT_CORE, 0);
  SetLimit(RLIMIT_FSIZE, kLargestFile);
  SetLimit(RLIMIT_NPROC, kMostProcesses);
  SetLimit(RLIMIT_CPU, kMostSeconds);
  if (with_memory_limit) {
    SetLimit(RLIMIT_AS, kLargestMemory);
  }
  execve(argv[0], argv.data(), const_cast<char* const*>(kEnvironment));
  _exit(127);
}

bool Sandbox::WaitForAll(milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  for (;;) {
    const pid_t ended = waitpid(-1, nullptr, WNOHANG);
    if (ended < 0 && errno == ECHILD) {
      return true;
    }
    if (ended > 0) {
      continue;
    }
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(end - steady_clock::now());
    if (left.count() <= 0) {
      break;
    }
    const timespec time{static_cast<time_t>(left.count() / 1'000'000'000),
                        static_cast<long>(left.count() % 1'000'000'000)};
    sigtimedwait(&signals, nullptr, &time);
  }
  // All but this process, the first of its namespace. Again, for what was being forked.
  do {
    kill(-1, SIGKILL);
  } while (waitpid(-1, nullptr, 0) > 0 || errno != ECHILD);
  return false;
}

Recording Sandbox::Run(const std::string& text) {
  Recording recording;
  static_cast<void>(!ftruncate(log_, 0));
  const int output = MemoryFile();
  const pid_t child = fork();
  if (child == 0) {
    const int input = open("/dev/null", O_RDONLY);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    close_range(3, ~0U, 0);
    Exec({"/bin/bash", "-c", text}, /*with_memory_limit=*/true);
  }
  recording.timed_out = !WaitForAll(kSnippetLimit);
  recording.output = ReadAll(output, kMostOutput);
  close(output);
  recording.calls = ParseCallLog(ReadAll(log_, kLargestFile));
  return recording;
}

std::string Sandbox::Ask(const std::vector<std::string>& command, const std::string& input) {
  const int source = MemoryFile();
  const int output = MemoryFile();
  static_cast<void>(!pwrite(source, input.data(), input.size(), 0));
  const pid_t child = fork();
  if (child == 0) {
    dup2(source, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    close_range(3, ~0U, 0);
    Exec(command, /*with_memory_limit=*/false);
  }
  WaitForAll(kAskLimit);
  const std::string answer = ReadAll(output, kMostOutput);
  close(source);
  close(output);
  return answer;
}

}  // namespace safe_docker::oracle
