#include "modes/shipped_plugins.hpp"

#include <unistd.h>

#include <algorithm>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

namespace safe_docker::modes {
namespace {

#if defined(__APPLE__)
constexpr std::string_view kSuffix = ".dylib";
#else
constexpr std::string_view kSuffix = ".so";
#endif

constexpr std::uint64_t Bits(std::initializer_list<sdp_effect_kind> kinds) {
  std::uint64_t bits = 0;
  for (const sdp_effect_kind kind : kinds) {
    bits |= std::uint64_t{1} << kind;
  }
  return bits;
}

nlohmann::json MountsSettings(const policy::Config& config) {
  return {{"allowed_paths", config.allowed_paths},
          {"sensitive_paths", config.sensitive_paths},
          {"block_docker_socket", config.block_docker_socket}};
}

nlohmann::json FlagsSettings(const policy::Config& config) {
  return {{"blocked_flags", config.blocked_flags}, {"blocked_capabilities", config.blocked_capabilities}};
}

nlohmann::json ImagesSettings(const policy::Config& config) { return {{"allowed_images", config.allowed_images}}; }

nlohmann::json NoSettings(const policy::Config&) { return nlohmann::json::object(); }

bool Always(const policy::Config&) { return true; }

// Without a list of images there is nothing to check.
bool ListsImages(const policy::Config& config) { return !config.allowed_images.empty(); }

struct Shipped {
  std::string_view id;
  std::uint64_t effects;
  bool expands;
  bool advises;
  bool (*is_wanted)(const policy::Config& config);
  nlohmann::json (*settings)(const policy::Config& config);
};

const Shipped kShipped[] = {
    {"mounts",
     Bits({SDP_EFFECT_MOUNT_HOST_PATH, SDP_EFFECT_READ_HOST_PATH, SDP_EFFECT_WRITE_HOST_PATH,
           SDP_EFFECT_DELETE_HOST_PATH}),
     false, false, &Always, &MountsSettings},
    {"flags", 0, false, false, &Always, &FlagsSettings},
    {"images", Bits({SDP_EFFECT_USE_IMAGE}), false, false, &ListsImages, &ImagesSettings},
    {"compose", 0, true, false, &Always, &NoSettings},
    {"rootless", Bits({SDP_EFFECT_USE_ENGINE}), false, true, &Always, &NoSettings},
};

// The commands that the compose plugin expands.
constexpr std::string_view kComposeCommands[] = {"compose up",    "compose create",  "compose run",   "compose build",
                                                 "compose start", "compose restart", "compose watch", "compose scale"};

std::string ExecutablePath() {
#if defined(__APPLE__)
  char path[4096];
  std::uint32_t size = sizeof path;
  return _NSGetExecutablePath(path, &size) == 0 ? path : "";
#else
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : "";
#endif
}

const policy::PluginSettings* FindSettings(const policy::Config& config, std::string_view id) {
  const auto found = std::find_if(config.plugins.begin(), config.plugins.end(),
                                  [id](const policy::PluginSettings& plugin) { return plugin.id == id; });
  return found != config.plugins.end() ? &*found : nullptr;
}

bool IsShipped(std::string_view id) {
  return std::any_of(std::begin(kShipped), std::end(kShipped),
                     [id](const Shipped& shipped) { return shipped.id == id; });
}

plugins::Declaration DeclareShipped(const Shipped& shipped, const std::string& folder, const policy::Config& config) {
  plugins::Declaration declaration;
  declaration.id = shipped.id;
  declaration.path = folder + "/" + declaration.id + std::string(kSuffix);
  declaration.settings = shipped.settings(config);
  declaration.shipped = true;
  declaration.effects = shipped.effects;
  declaration.expands = shipped.expands;
  declaration.advises = shipped.advises;
  if (shipped.expands) {
    declaration.commands.assign(std::begin(kComposeCommands), std::end(kComposeCommands));
  }
  return declaration;
}

}  // namespace

std::string PluginFolder() {
  std::string folder = ExecutablePath();
  for (int level = 0; level < 2 && !folder.empty(); ++level) {
    folder.resize(folder.rfind('/'));
  }
  return folder + "/" + SAFE_DOCKER_PLUGIN_SUBDIR;
}

std::vector<plugins::Declaration> DeclarePlugins(const policy::Config& config) {
  std::vector<plugins::Declaration> declarations;
  const std::string folder = PluginFolder();
  for (const Shipped& shipped : kShipped) {
    const policy::PluginSettings* settings = FindSettings(config, shipped.id);
    const bool enabled = settings == nullptr || settings->enabled;
    if (enabled && shipped.is_wanted(config)) {
      declarations.push_back(DeclareShipped(shipped, folder, config));
    }
  }
  for (const policy::PluginSettings& plugin : config.plugins) {
    if (plugin.enabled && !IsShipped(plugin.id)) {
      plugins::Declaration declaration;
      declaration.id = plugin.id;
      declaration.path = plugin.path;
      declaration.settings = plugin.settings;
      declarations.push_back(std::move(declaration));
    }
  }
  return declarations;
}

}  // namespace safe_docker::modes
