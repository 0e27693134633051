#include "modes/shipped_plugins.hpp"

#include <algorithm>
#include <span>

#include "modes/installation.hpp"

namespace safe_docker::modes {
namespace {

// On macOS, too: that is what CMake calls a module there.
constexpr std::string_view kSuffix = ".so";

constexpr std::uint64_t Bits(std::initializer_list<sdp_effect_kind> kinds) {
  std::uint64_t bits = 0;
  for (const sdp_effect_kind kind : kinds) {
    bits |= std::uint64_t{1} << kind;
  }
  return bits;
}

// safe-docker's own files are asked about whatever the list says: who writes them decides what is allowed.
nlohmann::json MountsSettings(const policy::Config& config) {
  std::vector<std::string> sensitive_paths = config.sensitive_paths;
  sensitive_paths.insert(sensitive_paths.end(),
                         {".config/safe-docker", ".local/lib/safe-docker", ".local/share/safe-docker"});
  nlohmann::json settings = {{"allowed_paths", config.allowed_paths},
                             {"sensitive_paths", sensitive_paths},
                             {"block_docker_socket", config.block_docker_socket},
                             {"project_block_docker_socket", config.project.block_docker_socket}};
  if (config.policy.Consults(policy::Profile::kStrict)) {
    settings["project_only"] = true;
    settings["project_folder"] = config.project_folder;
  }
  if (!config.project.sensitive_paths.empty()) {
    settings["project_sensitive_paths"] = config.project.sensitive_paths;
  }
  return settings;
}

nlohmann::json FlagsSettings(const policy::Config& config) {
  nlohmann::json settings = {{"blocked_flags", config.blocked_flags},
                             {"blocked_capabilities", config.blocked_capabilities}};
  if (!config.project.empty()) {
    settings["project_blocked_flags"] = config.project.blocked_flags;
    settings["project_blocked_capabilities"] = config.project.blocked_capabilities;
  }
  return settings;
}

nlohmann::json ImagesSettings(const policy::Config& config) {
  return {{"allowed_images", config.allowed_images},
          {"project_allowed_images", config.project.allowed_images},
          {"list_required", config.policy.Consults(policy::Profile::kStrict)}};
}

nlohmann::json NoSettings(const policy::Config&) { return nlohmann::json::object(); }

std::uint64_t MountsEffects(const policy::Config&) {
  return Bits(
      {SDP_EFFECT_MOUNT_HOST_PATH, SDP_EFFECT_READ_HOST_PATH, SDP_EFFECT_WRITE_HOST_PATH, SDP_EFFECT_DELETE_HOST_PATH});
}

// Flags whose effects are the flags checker's own; any other flag on the list makes it look at every request.
constexpr std::string_view kFlagsWithEffects[] = {"--privileged",   "--pid",          "--network", "--ipc",    "--uts",
                                                  "--userns",       "--cgroupns",     "--cap-add", "--device", "--gpus",
                                                  "--volumes-from", "--security-opt", "--sysctl"};

bool HasEffects(std::string_view flag) {
  const std::string_view name = flag.substr(0, flag.find('='));
  return std::find(std::begin(kFlagsWithEffects), std::end(kFlagsWithEffects), name) != std::end(kFlagsWithEffects);
}

std::uint64_t FlagsEffects(const policy::Config& config) {
  const std::vector<std::string>& more = config.project.blocked_flags;
  if (!std::all_of(config.blocked_flags.begin(), config.blocked_flags.end(), HasEffects) ||
      !std::all_of(more.begin(), more.end(), HasEffects)) {
    return 0;
  }
  return Bits(
      {SDP_EFFECT_INHERIT_MOUNTS, SDP_EFFECT_PRIVILEGED,      SDP_EFFECT_ADD_CAPABILITY,   SDP_EFFECT_JOIN_NAMESPACE,
       SDP_EFFECT_USE_DEVICE,     SDP_EFFECT_SECURITY_OPTION, SDP_EFFECT_SET_SYSCTL,       SDP_EFFECT_CGROUP_PARENT,
       SDP_EFFECT_ADD_HOST,       SDP_EFFECT_BUILD_ARGUMENT,  SDP_EFFECT_BUILD_CREDENTIAL, SDP_EFFECT_USE_API_SOCKET,
       SDP_EFFECT_RUN_CODE,       SDP_EFFECT_CHANGE_ENGINE,   SDP_EFFECT_USE_RUNTIME,      SDP_EFFECT_DELETE_HOST_PATH,
       SDP_EFFECT_SEND,           SDP_EFFECT_FETCH,           SDP_EFFECT_SET_OPTION,       SDP_EFFECT_RAW_ENGINE});
}

std::uint64_t ImagesEffects(const policy::Config&) { return Bits({SDP_EFFECT_USE_IMAGE}); }

std::uint64_t DestroyEffects(const policy::Config&) { return Bits({SDP_EFFECT_DESTROY}); }

std::uint64_t EngineEffects(const policy::Config&) { return Bits({SDP_EFFECT_USE_ENGINE}); }

std::uint64_t NoEffects(const policy::Config&) { return 0; }

bool Always(const policy::Config&) { return true; }

// Without a list of images there is nothing to check, unless there must be one.
bool ListsImages(const policy::Config& config) {
  return !config.allowed_images.empty() || !config.project.allowed_images.empty() ||
         config.policy.Consults(policy::Profile::kStrict);
}

nlohmann::json RulesSettings(const policy::Config& config) { return {{"rules", config.rules}}; }

bool DeclaresRules(const policy::Config& config) { return !config.rules.empty(); }

// The commands that an expander expands, as its description has them.
constexpr std::string_view kComposeCommands[] = {"compose up",    "compose create",  "compose run",   "compose build",
                                                 "compose start", "compose restart", "compose watch", "compose scale",
                                                 "compose down",  "compose stop",    "compose rm",    "compose wait",
                                                 "stack deploy",  "buildx bake"};
constexpr std::string_view kBakeCommands[] = {"buildx bake"};
constexpr std::string_view kKubeCommands[] = {"kube play"};
constexpr std::string_view kDevcontainerCommands[] = {"devcontainer up", "devcontainer build"};
constexpr std::span<const std::string_view> kExpandsNothing;

struct Shipped {
  std::string_view id;
  std::uint64_t (*effects)(const policy::Config& config);
  std::span<const std::string_view> expands;
  bool advises;
  bool (*is_needed)(const policy::Config& config);
  nlohmann::json (*settings)(const policy::Config& config);
};

constexpr Shipped kShipped[] = {
    {"mounts", &MountsEffects, kExpandsNothing, false, &Always, &MountsSettings},
    {"flags", &FlagsEffects, kExpandsNothing, false, &Always, &FlagsSettings},
    {"images", &ImagesEffects, kExpandsNothing, false, &ListsImages, &ImagesSettings},
    {"destroy", &DestroyEffects, kExpandsNothing, false, &Always, &NoSettings},
    {"compose", &NoEffects, kComposeCommands, false, &Always, &NoSettings},
    {"bake", &NoEffects, kBakeCommands, false, &Always, &NoSettings},
    {"kube", &NoEffects, kKubeCommands, false, &Always, &NoSettings},
    {"devcontainer", &NoEffects, kDevcontainerCommands, false, &Always, &NoSettings},
    {"rules", &NoEffects, kExpandsNothing, false, &DeclaresRules, &RulesSettings},
    {"rootless", &EngineEffects, kExpandsNothing, true, &Always, &NoSettings},
};

const policy::PluginSettings* FindSettings(const policy::Config& config, std::string_view id) {
  const auto found = std::find_if(config.plugins.begin(), config.plugins.end(),
                                  [id](const policy::PluginSettings& plugin) { return plugin.id == id; });
  return found != config.plugins.end() ? &*found : nullptr;
}

plugins::Declaration DeclareShipped(const Shipped& shipped, const std::string& folder, const policy::Config& config) {
  plugins::Declaration declaration;
  declaration.id = shipped.id;
  declaration.path = folder + "/" + declaration.id + std::string(kSuffix);
  declaration.settings = shipped.settings(config);
  declaration.shipped = true;
  declaration.effects = shipped.effects(config);
  declaration.expands = !shipped.expands.empty();
  declaration.advises = shipped.advises;
  declaration.commands.assign(shipped.expands.begin(), shipped.expands.end());
  return declaration;
}

// True for a command whose files several plugins read, each those of its kind.
bool IsShared(std::string_view command) {
  return std::find(std::begin(kBakeCommands), std::end(kBakeCommands), command) != std::end(kBakeCommands);
}

// An expander that is left alone with a shared command does not answer for it.
void MarkPartial(std::vector<plugins::Declaration>* declarations) {
  for (plugins::Declaration& declaration : *declarations) {
    for (const std::string& command : declaration.commands) {
      const auto takes = [&command](const plugins::Declaration& one) {
        return std::find(one.commands.begin(), one.commands.end(), command) != one.commands.end();
      };
      if (IsShared(command) && std::count_if(declarations->begin(), declarations->end(), takes) < 2) {
        declaration.partial.push_back(command);
      }
    }
  }
}

}  // namespace

bool IsShipped(std::string_view id) {
  return std::any_of(std::begin(kShipped), std::end(kShipped),
                     [id](const Shipped& shipped) { return shipped.id == id; });
}

bool IsShippedExpander(std::string_view id) {
  return std::any_of(std::begin(kShipped), std::end(kShipped),
                     [id](const Shipped& shipped) { return shipped.id == id && !shipped.expands.empty(); });
}

std::vector<plugins::Declaration> DeclarePlugins(const policy::Config& config, Which which) {
  std::vector<plugins::Declaration> declarations;
  const std::string folder = PluginFolder();
  for (const Shipped& shipped : kShipped) {
    const policy::PluginSettings* settings = FindSettings(config, shipped.id);
    const bool enabled = settings == nullptr || settings->enabled;
    if (enabled && (which == Which::kAll || shipped.is_needed(config))) {
      declarations.push_back(DeclareShipped(shipped, folder, config));
    }
  }
  MarkPartial(&declarations);
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
