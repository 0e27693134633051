#include "modes/installation.hpp"

#include <string_view>

#include "modes/executable.hpp"

namespace safe_docker::modes {
namespace {

constexpr std::string_view kHelperFolder = "/" SAFE_DOCKER_HELPER_SUBDIR;

// What bin/ and lib/ of this installation (or of the build) lie in; empty if it cannot be found out.
std::string InstallationPrefix() {
  std::string folder = ExecutablePath();
  folder.resize(folder.empty() ? 0 : folder.rfind('/'));
  if (folder.ends_with(kHelperFolder)) {
    folder.resize(folder.size() - kHelperFolder.size());
  } else if (!folder.empty()) {
    folder.resize(folder.rfind('/'));
  }
  return folder;
}

}  // namespace

std::string ProgramPath() {
  const std::string running = ExecutablePath();
  const std::size_t slash = running.rfind('/');
  const bool is_helper =
      slash != std::string::npos && std::string_view(running).substr(0, slash).ends_with(kHelperFolder);
  return is_helper ? InstallationPrefix() + "/" SAFE_DOCKER_PROGRAM : running;
}

std::string PluginFolder() { return InstallationPrefix() + "/" SAFE_DOCKER_PLUGIN_SUBDIR; }

std::string HelperFolder() { return InstallationPrefix() + "/" SAFE_DOCKER_HELPER_SUBDIR; }

}  // namespace safe_docker::modes
