#include "bash_syntax.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>

namespace safe_docker::shell {
namespace {

struct Result {
  int status = -1;
  std::string output;  // and errors
};

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::string Contents(std::FILE* file) {
  std::rewind(file);
  std::string text;
  std::array<char, 65536> buffer{};
  for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), file)) > 0;) {
    text.append(buffer.data(), size);
  }
  return text;
}

// bash with `text` as its input. `option` is -n or the like; what it prints there stays apart from its errors.
Result RunBash(const char* option, const std::string& text, bool errors) {
  const File input(std::tmpfile(), std::fclose);
  const File output(std::tmpfile(), std::fclose);
  std::fwrite(text.data(), 1, text.size(), input.get());
  std::fflush(input.get());
  std::rewind(input.get());
  const pid_t child = fork();
  if (child == 0) {
    const int null = fileno(std::fopen("/dev/null", "w"));
    dup2(fileno(input.get()), STDIN_FILENO);
    dup2(errors ? null : fileno(output.get()), STDOUT_FILENO);
    dup2(errors ? fileno(output.get()) : null, STDERR_FILENO);
    execl("/bin/bash", "bash", "--norc", "-O", "extglob", option, "/dev/stdin", nullptr);
    _exit(127);
  }
  Result result;
  waitpid(child, &result.status, 0);
  result.output = Contents(output.get());
  return result;
}

}  // namespace

bool BashAccepts(const std::string& text) {
  const Result result = RunBash("-n", text, true);
  std::istringstream lines(result.output);
  bool complains = false;
  for (std::string line; std::getline(lines, line);) {
    complains = complains || line.find("warning:") == std::string::npos;
  }
  return WIFEXITED(result.status) && WEXITSTATUS(result.status) == 0 && !complains;
}

std::string BashFunction(const std::string& text) {
  return RunBash("-u", "wrapped() {\n" + text + "\n}\ndeclare -f wrapped\n", false).output;
}

}  // namespace safe_docker::shell
