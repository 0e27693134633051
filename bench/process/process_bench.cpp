// Wall time of whole processes, as their difference to a program that does nothing. All cases take turns in one loop,
// so that a busy machine slows all of them alike; each difference is taken within a round, and the median is printed.
//
//   process_bench ROUNDS FLOOR PROGRAM NAME=INPUT...
//
// Starts PROGRAM with the argument "hook", stdin from the file INPUT, stdout to /dev/null. Prints a line for each case:
// name, median of the difference, and median of the whole, in microseconds.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

extern char** environ;

namespace {

struct Case {
  std::string name;
  std::string program;
  std::string input;
  std::vector<double> times;  // microseconds, one a round
};

[[noreturn]] void Fail(const char* what, const std::string& name) {
  std::fprintf(stderr, "process_bench: %s: %s\n", what, name.c_str());
  std::exit(1);
}

double Run(const Case& measured) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, measured.input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  std::string program = measured.program;
  char hook[] = "hook";
  char* arguments[] = {program.data(), hook, nullptr};

  const auto start = std::chrono::steady_clock::now();
  pid_t pid = 0;
  if (posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments, environ) != 0) Fail("cannot start", program);
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) Fail("cannot wait for", program);
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;

  posix_spawn_file_actions_destroy(&actions);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) Fail("exit status is not 0", measured.name);
  return time.count();
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<Case> ReadCases(int count, char** words) {
  std::vector<Case> cases = {{"floor", words[2], "/dev/null", {}}};
  for (int i = 4; i < count; ++i) {
    const std::string word = words[i];
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) Fail("not NAME=INPUT", word);
    cases.push_back({word.substr(0, equals), words[3], word.substr(equals + 1), {}});
  }
  return cases;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) Fail("usage", "process_bench ROUNDS FLOOR PROGRAM NAME=INPUT...");
  const int rounds = std::atoi(argv[1]);
  if (rounds < 1) Fail("not a number of rounds", argv[1]);
  std::vector<Case> cases = ReadCases(argc, argv);

  constexpr int kWarmUp = 10;
  for (int round = -kWarmUp; round < rounds; ++round) {
    for (Case& one : cases) {
      const double time = Run(one);
      if (round >= 0) one.times.push_back(time);
    }
  }

  for (const Case& one : cases) {
    std::vector<double> above(one.times.size());
    std::transform(one.times.begin(), one.times.end(), cases.front().times.begin(), above.begin(),
                   [](double whole, double floor) { return whole - floor; });
    std::printf("%s %.0f %.0f\n", one.name.c_str(), Median(above), Median(one.times));
  }
}
