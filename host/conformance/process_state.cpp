#include "conformance/process_state.hpp"

#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <iterator>

extern char** environ;

namespace safe_docker::conformance {
namespace {

constexpr int kMostSignals = 65;

std::string Identity(int descriptor) {
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) {
    return {};
  }
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) + ":" + std::to_string(status.st_rdev);
}

std::string CurrentFolder() {
  char path[4096];
  return getcwd(path, sizeof path) == nullptr ? std::string("?") : std::string(path);
}

std::string Handler(int number) {
  struct sigaction action = {};
  if (sigaction(number, nullptr, &action) != 0) {
    return {};
  }
  char bytes[sizeof action.sa_handler];
  std::memcpy(bytes, &action.sa_handler, sizeof bytes);
  return std::string(bytes, sizeof bytes);
}

std::string Mask() {
  sigset_t set;
  sigemptyset(&set);
  sigprocmask(SIG_BLOCK, nullptr, &set);
  std::string mask;
  for (int number = 1; number < kMostSignals; ++number) {
    mask += sigismember(&set, number) == 1 ? '1' : '0';
  }
  itimerval timer = {};
  getitimer(ITIMER_REAL, &timer);
  return mask + (timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0 ? "timer" : "");
}

long CountThreads() {
#if defined(__linux__)
  std::error_code ignored;
  return static_cast<long>(std::distance(std::filesystem::directory_iterator("/proc/self/task", ignored),
                                         std::filesystem::directory_iterator()));
#else
  return 0;
#endif
}

bool HasChildren() {
  siginfo_t info = {};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// The names of variables that are not the same in both.
std::string ChangedVariables(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::vector<std::string> changed;
  std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(changed));
  return changed.empty() ? "" : "it changed the environment: " + changed.front().substr(0, changed.front().find('='));
}

std::string ChangedSignals(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  const auto [first, second] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  return first == before.end() ? "" : "it changed what signal " + std::to_string(first - before.begin() + 1) + " does";
}

std::string ChangedDescriptors(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  const auto [first, second] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  if (first == before.end()) {
    return {};
  }
  const std::string number = std::to_string(first - before.begin());
  return first->empty()    ? "it leaves descriptor " + number + " open"
         : second->empty() ? "it closed descriptor " + number
                           : "it replaced descriptor " + number;
}

std::string Changed(bool has_changed, const char* what) { return has_changed ? what : ""; }

}  // namespace

ProcessState::ProcessState(int last_descriptor)
    : folder_(CurrentFolder()),
      mask_(Mask()),
      locale_(std::setlocale(LC_ALL, nullptr)),
      rounding_(std::to_string(std::fegetround())),
      threads_(CountThreads()),
      has_children_(HasChildren()) {
  for (int descriptor = 0; descriptor <= last_descriptor; ++descriptor) {
    descriptors_.push_back(Identity(descriptor));
  }
  const mode_t mask = umask(0);
  umask(mask);
  umask_ = std::to_string(mask);
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    environment_.emplace_back(*variable);
  }
  std::sort(environment_.begin(), environment_.end());
  for (int number = 1; number < kMostSignals; ++number) {
    signals_.push_back(Handler(number));
  }
}

std::vector<Difference> ProcessState::CompareWith(const ProcessState& later) const {
  return {
      {"descriptors", ChangedDescriptors(descriptors_, later.descriptors_), "descriptors are as they were",
       "Close what you open, and nothing else; better: read files with Host::ReadFile."},
      {"working-directory", Changed(folder_ != later.folder_, "it changed the working directory"),
       "the working directory is as it was", "Resolve paths with Host::ResolvePath instead."},
      {"umask", Changed(umask_ != later.umask_, "it changed the umask"), "the umask is as it was",
       "Write no files: a plugin judges."},
      {"environment", ChangedVariables(environment_, later.environment_), "the environment is as it was",
       "Keep what you want to remember in the object; read variables with Host::Environment."},
      {"signals",
       ChangedSignals(signals_, later.signals_) +
           Changed(mask_ != later.mask_, "it changed the signal mask or a timer"),
       "signal handlers, mask and timers are as they were", "Leave signals to the host, which watches over a crash."},
      {"locale",
       Changed(locale_ != later.locale_ || rounding_ != later.rounding_, "it changed the locale or the rounding mode"),
       "locale and rounding are as they were", "Work on bytes: texts are UTF-8."},
      {"threads",
       Changed(threads_ < later.threads_, "it leaves a thread running") +
           Changed(!has_children_ && later.has_children_, "it leaves a child process"),
       "no thread and no process is left", "Do everything in the call, and in one thread."},
  };
}

}  // namespace safe_docker::conformance
