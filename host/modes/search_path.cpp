#include "modes/search_path.hpp"

#include <algorithm>

#include "file_system.hpp"
#include "modes/installation.hpp"
#include "modes/real_docker.hpp"

namespace safe_docker::modes {

std::vector<std::string> FoldersInPath(const Environment& environment) {
  const std::string path = environment.GetOr("PATH", "/usr/local/bin:/usr/bin:/bin");
  std::vector<std::string> folders;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    folders.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return folders;
}

std::string FindProgram(std::string_view name, const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    const std::string path = (folder.empty() ? "." : folder) + "/" + std::string(name);
    if (IsProgram(path)) {
      return path;
    }
  }
  return "";
}

std::string FindSafeDocker(const Environment& environment) {
  for (const std::string& folder : FoldersInPath(environment)) {
    const std::string path = CleanPath(folder + "/safe-docker", "/");
    if (folder.starts_with('/') && IsProgram(path) && IsSafeDocker(path)) {
      return path;
    }
  }
  return ProgramPath();
}

}  // namespace safe_docker::modes
