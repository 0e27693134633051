#include "modes/real_docker.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "modes/installation.hpp"
#include "modes/search_path.hpp"

namespace safe_docker::modes {
namespace {

constexpr const char* kActive = "SAFE_DOCKER_ACTIVE";
constexpr int kDeepest = 8;

std::string Absolute(std::string_view path) {
  if (path.starts_with('/')) {
    return std::string(path);
  }
  char* current = getcwd(nullptr, 0);
  std::string absolute = current != nullptr ? std::string(current) + "/" + std::string(path) : std::string(path);
  std::free(current);
  return absolute;
}

RealDocker FromExplicitPath(std::string_view path, std::string_view said_by) {
  RealDocker docker;
  const std::string absolute = Absolute(path);
  if (IsSafeDocker(absolute)) {
    docker.problem = std::string(said_by) + " names " + absolute + ", which is safe-docker itself";
  } else if (!IsProgram(absolute)) {
    docker.problem = std::string(said_by) + " names " + absolute + ", which is no program";
  } else {
    docker.path = absolute;
  }
  return docker;
}

// The first one in PATH that is not safe-docker.
std::string FindOther(std::string_view program, const Environment& environment) {
  for (const std::string& folder : FoldersInPath(environment)) {
    const std::string candidate = Absolute((folder.empty() ? "." : folder) + "/" + std::string(program));
    if (IsProgram(candidate) && !IsSafeDocker(candidate)) {
      return candidate;
    }
  }
  return {};
}

// SAFE_DOCKER_ACTIVE is "PID:DEPTH": exec keeps the process id, so finding our own there means that what we became is
// us.
struct Active {
  int pid = 0;
  int depth = 0;
};

Active ReadActive(const Environment& environment) {
  const std::string text = environment.GetOr(kActive, "");
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    return {};
  }
  return {std::atoi(text.c_str()), std::atoi(text.c_str() + colon + 1)};
}

}  // namespace

bool IsProgram(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0;
}

bool IsSafeDocker(const std::string& path) {
  struct stat own = {};
  struct stat other = {};
  return stat(ProgramPath().c_str(), &own) == 0 && stat(path.c_str(), &other) == 0 && own.st_dev == other.st_dev &&
         own.st_ino == other.st_ino;
}

RealDocker FindRealDocker(std::string_view program, std::string_view option_path, std::string_view config_path,
                          const Environment& environment) {
  if (!option_path.empty()) {
    return FromExplicitPath(option_path, "--docker-path");
  }
  const bool is_docker = program == "docker";
  const std::string variable = environment.GetOr("SAFE_DOCKER_DOCKER_PATH", "");
  if (is_docker && !variable.empty()) {
    return FromExplicitPath(variable, "SAFE_DOCKER_DOCKER_PATH");
  }
  if (is_docker && !config_path.empty()) {
    return FromExplicitPath(config_path, "wrapper.docker_path in config.toml");
  }
  RealDocker docker;
  docker.path = FindOther(program, environment);
  if (docker.path.empty()) {
    docker.problem = "no " + std::string(program) +
                     " other than safe-docker itself is in PATH; install it, or name it with --docker-path or "
                     "SAFE_DOCKER_DOCKER_PATH";
  }
  return docker;
}

bool IsRecursion(const Environment& environment) {
  const Active active = ReadActive(environment);
  return active.pid == getpid() || active.depth >= kDeepest;
}

std::string Become(const std::string& path, const std::vector<std::string>& arguments, const Environment& environment) {
  const std::string active = std::to_string(getpid()) + ":" + std::to_string(ReadActive(environment).depth + 1);
  setenv(kActive, active.c_str(), /*overwrite=*/1);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  execv(path.c_str(), argv.data());
  return path + ": " + std::strerror(errno);
}

}  // namespace safe_docker::modes
