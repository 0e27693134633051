#include "guarded_child.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace safe_docker {
namespace {

std::string ReadBack(std::FILE* file) {
  std::string text;
  char buffer[4096];
  std::rewind(file);
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
    text.append(buffer, count);
  }
  std::fclose(file);
  return text;
}

}  // namespace

Ending RunGuarded(guard::Answer answer, std::chrono::milliseconds deadline, const std::function<void()>& body) {
  std::FILE* const output = std::tmpfile();
  std::FILE* const error = std::tmpfile();
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(fileno(output), STDOUT_FILENO);
    dup2(fileno(error), STDERR_FILENO);
    guard::Install(answer, deadline);
    body();
    guard::WriteAnswer("returned");
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadBack(output), ReadBack(error)};
}

std::string DenialReason(const std::string& output) {
  const nlohmann::json answer = nlohmann::json::parse(output, nullptr, false);
  if (!answer.is_object() || !answer.contains("hookSpecificOutput")) {
    return {};
  }
  const nlohmann::json& specific = answer["hookSpecificOutput"];
  const bool denies =
      specific.value("hookEventName", "") == "PreToolUse" && specific.value("permissionDecision", "") == "deny";
  return denies ? specific.value("permissionDecisionReason", "") : std::string();
}

}  // namespace safe_docker
