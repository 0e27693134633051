#include "modes/executable.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

#include "modes/installation.hpp"

namespace safe_docker::modes {

std::string ExecutablePath() {
  char path[4096];
#if defined(__APPLE__)
  std::uint32_t size = sizeof path;
  char* real = _NSGetExecutablePath(path, &size) == 0 ? realpath(path, nullptr) : nullptr;
  const std::string executable = real != nullptr ? real : "";
  std::free(real);
  return executable;
#else
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
#endif
}

std::string BecomeHelper(const std::string& name, const std::vector<std::string>& words) {
  const std::string path = HelperFolder() + "/" + name;
  std::vector<std::string> all = {path};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> raw;
  for (std::string& each : all) {
    raw.push_back(each.data());
  }
  raw.push_back(nullptr);
  execv(path.c_str(), raw.data());
  return path + " cannot be started: " + std::strerror(errno) + ". It comes with safe-docker: install it again.";
}

}  // namespace safe_docker::modes
