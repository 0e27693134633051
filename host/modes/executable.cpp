#include "modes/executable.hpp"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

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

}  // namespace safe_docker::modes
