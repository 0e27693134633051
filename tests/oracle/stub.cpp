// Stands in the sandbox for docker and its like: appends to the log how it was called, then does what the snippet needs
// to go on. Which program it stands for is written behind its own end, so that copies and links keep it.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "stub_log.hpp"

namespace {

namespace oracle = safe_docker::oracle;

using Arguments = std::vector<std::string>;

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestInput = 64 * 1024;

// A program that starts the command in its arguments.
struct Starter {
  std::string_view name;
  std::string_view options_with_value;
  std::string_view keeps_environment;  // the option that makes it pass on the caller's environment
};
constexpr Starter kStarters[] = {
    {"sudo", "ugphCDRTUrt", "-E"},
    {"doas", "uC", ""},
    {"pkexec", "", ""},
    {"runuser", "ugGs", "-m"},
};

// Words after which docker reads its standard input.
constexpr std::string_view kReadsInput[] = {"-", "-i", "-it", "-ti", "--interactive", "-f-", "--file=-", "load"};

std::string OwnName() {
  const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  char tail[kLongestName];
  const off_t size = lseek(file, 0, SEEK_END);
  const ssize_t count = pread(file, tail, sizeof tail, size - static_cast<off_t>(sizeof tail));
  close(file);
  const std::string_view text(tail, count > 0 ? static_cast<std::size_t>(count) : 0);
  const std::size_t mark = text.rfind(oracle::kNameMark);
  return mark == std::string_view::npos ? std::string() : std::string(text.substr(mark + oracle::kNameMark.size()));
}

std::string ReadInput() {
  std::string input;
  char piece[4096];
  while (input.size() < kLongestInput) {
    const ssize_t count = read(STDIN_FILENO, piece, sizeof piece);
    if (count <= 0) {
      break;
    }
    input.append(piece, static_cast<std::size_t>(count));
  }
  return input;
}

bool WantsInput(const Arguments& arguments) {
  return isatty(STDIN_FILENO) == 0 && std::any_of(arguments.begin(), arguments.end(), [](const std::string& word) {
           return std::find(std::begin(kReadsInput), std::end(kReadsInput), word) != std::end(kReadsInput);
         });
}

void Record(const std::string& name, const Arguments& arguments) {
  std::string record;
  oracle::AppendField(name, &record);
  oracle::AppendField(std::to_string(arguments.size()), &record);
  for (const std::string& argument : arguments) {
    oracle::AppendField(argument, &record);
  }
  char* cwd = getcwd(nullptr, 0);
  oracle::AppendField(cwd != nullptr ? cwd : "", &record);
  for (const char* variable : oracle::kRecordedVariables) {
    const char* value = std::getenv(variable);
    oracle::AppendField(value != nullptr ? "=" + std::string(value) : std::string(), &record);
  }
  oracle::AppendField(WantsInput(arguments) ? "=" + ReadInput() : std::string(), &record);
  const int log = open(oracle::kLogPath, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (log < 0 || write(log, record.data(), record.size()) != static_cast<ssize_t>(record.size())) {
    _exit(126);
  }
  close(log);
}

// The environment that such programs give by default: that of the other user.
void ClearEnvironment() {
  for (const char* variable : oracle::kRecordedVariables) {
    unsetenv(variable);
  }
  setenv("HOME", "/root", 1);
  setenv("USER", "root", 1);
}

// The place of the command in a starter's arguments, with the assignments before it done.
std::size_t SkipOptions(const Starter& starter, const Arguments& arguments) {
  std::size_t at = 1;
  for (; at < arguments.size() && arguments[at].size() > 1 && arguments[at][0] == '-'; ++at) {
    if (arguments[at] == "--") {
      return at + 1;
    }
    const bool is_short = arguments[at][1] != '-';
    if (is_short && starter.options_with_value.find(arguments[at].back()) != std::string_view::npos) {
      ++at;
    }
  }
  for (; at < arguments.size() && arguments[at].find('=') != std::string::npos; ++at) {
    putenv(strdup(arguments[at].c_str()));
  }
  return at;
}

int Start(const Starter& starter, const Arguments& arguments, char** argv) {
  const std::string keeps(starter.keeps_environment);
  if (keeps.empty() || std::find(arguments.begin(), arguments.end(), keeps) == arguments.end()) {
    ClearEnvironment();
  }
  const std::size_t at = SkipOptions(starter, arguments);
  if (at < arguments.size()) {
    execvp(argv[at], argv + at);
    return 127;
  }
  return 0;
}

}  // namespace

int main(int count, char** argv) {
  const Arguments arguments(argv, argv + count);
  const std::string name = OwnName();
  Record(name, arguments);
  for (const Starter& starter : kStarters) {
    if (starter.name == name) {
      return Start(starter, arguments, argv);
    }
  }
  if (name == "docker" || name == "podman" || name == "nerdctl") {
    constexpr std::string_view kAnswer = "0123456789ab\n";
    return write(STDOUT_FILENO, kAnswer.data(), kAnswer.size()) > 0 ? 0 : 1;
  }
  return 0;
}
