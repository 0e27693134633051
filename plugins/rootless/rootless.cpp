// An adviser: says once a request which kind of engine it reaches, and what that means. Goes by the engine's endpoint
// and by what chose it; never talks to the engine, and never changes a verdict.
#include <safe_docker/checker.hpp>

namespace {

using namespace safe_docker::plugin;

// In the order of kRules.
enum class Engine { kRootful, kRootless, kVirtualMachine, kRemote, kUnknown };

struct Advice {
  std::string_view before;
  std::string_view after;
  std::string_view advice;
};

constexpr sdp_rule kRules[] = {
    Rule(SDP_ALLOW, {"rootful-engine", "an engine that runs as root",
                     "who breaks out of a container is root on the host", "", "engine", SDP_SEVERITY_INFO}),
    Rule(SDP_ALLOW, {"rootless-engine", "an engine that runs as the user",
                     "it keeps root out of reach, but not the user's own files", "", "engine", SDP_SEVERITY_INFO}),
    Rule(SDP_ALLOW,
         {"vm-engine", "an engine in a virtual machine of the user's desktop",
          "it keeps the host out of reach, but not the folders that it shares", "", "engine", SDP_SEVERITY_INFO}),
    Rule(SDP_ALLOW, {"remote-engine", "an engine on another machine", "what it would do happens there", "", "engine",
                     SDP_SEVERITY_INFO}),
};

constexpr Advice kAdvice[] = {
    {"the engine at ", " runs as root: whoever breaks out of a container owns this machine",
     "Consider rootless mode: https://docs.docker.com/engine/security/rootless/."},
    {"the engine at ", " runs as you: your own files and keys are exactly as exposed to it as with root",
     "Mount only the folders that are needed."},
    {"the engine at ", " runs in a virtual machine: the folders shared with it are exactly as exposed as without",
     "Mount only the folders that are needed."},
    {"the engine at ", " is on another machine: paths, devices and images are the ones there",
     "Use the engine of this machine where that is not meant."},
};
static_assert(std::size(kRules) == static_cast<std::size_t>(Engine::kUnknown));
static_assert(std::size(kAdvice) == std::size(kRules));

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          SDP_PLUGIN_ADVISES,
                                          Text("rootless"),
                                          Text("0.1.0"),
                                          Text("Says which kind of engine a command reaches"),
                                          Text("MIT OR Apache-2.0"),
                                          Text(""),
                                          ArrayOf(kRules),
                                          {},
                                          Bit(SDP_EFFECT_USE_ENGINE),
                                          {}};

struct Place {
  std::string_view path;
  Engine engine;
};

// Absolute; /var/run is looked up as /run.
constexpr Place kSystemPlaces[] = {
    {"/run/user", Engine::kRootless},  {"/run/docker.sock", Engine::kRootful}, {"/run/docker", Engine::kRootful},
    {"/run/podman", Engine::kRootful}, {"/run/containerd", Engine::kRootful},  {"/run/buildkit", Engine::kRootful},
};

// Below the home.
constexpr Place kHomePlaces[] = {
    {"/.docker/desktop", Engine::kVirtualMachine},
    {"/.colima", Engine::kVirtualMachine},
    {"/.config/colima", Engine::kVirtualMachine},
    {"/.orbstack", Engine::kVirtualMachine},
    {"/.rd", Engine::kVirtualMachine},
    {"/.lima", Engine::kVirtualMachine},
    {"/Library", Engine::kVirtualMachine},
    {"/.local/share/containers/podman/machine", Engine::kVirtualMachine},
    {"/.docker/run", Engine::kRootless},
};

template <std::size_t kCount>
Engine Find(const Place (&places)[kCount], std::string_view path) {
  for (const Place& place : places) {
    if (IsWithin(path, place.path)) {
      return place.engine;
    }
  }
  return Engine::kUnknown;
}

Engine JudgeSocket(const Host& host, std::string_view path, std::string_view home) {
  constexpr std::string_view kVar = "/var";
  constexpr std::string_view kMacHomes = "/Users";
  if (IsWithin(path, "/var/run")) {
    path = Slice(path, kVar.size());
  }
  if (StartsWith(home, '/') && home.size() > 1 && IsWithin(path, home)) {
    const std::string_view below = Slice(path, home.size());
    // On macOS no engine runs outside of a virtual machine.
    return IsWithin(home, kMacHomes) && IsWithin(below, "/.docker/run") ? Engine::kVirtualMachine
                                                                        : Find(kHomePlaces, below);
  }
  std::string_view runtime_folder;
  if (host.Environment("XDG_RUNTIME_DIR", &runtime_folder) == SDP_OK && runtime_folder.size() > 1 &&
      StartsWith(runtime_folder, '/') && IsWithin(path, runtime_folder)) {
    return Engine::kRootless;
  }
  return Find(kSystemPlaces, path);
}

class Rootless {
 public:
  void Create(const Host& host, Findings&) { host_ = &host.raw(); }

  void Check(const Request& request, Findings& findings) const {
    for (const Effect effect : request.effects()) {
      if (effect.kind() != SDP_EFFECT_USE_ENGINE) {
        continue;
      }
      const Engine engine = Judge(request, effect);
      if (engine != Engine::kUnknown) {
        const Advice& advice = kAdvice[static_cast<std::size_t>(engine)];
        findings.Report(kRules[static_cast<std::size_t>(engine)], effect,
                        Message(advice.before, Name(effect.subject()), advice.after), advice.advice);
        return;
      }
    }
  }

 private:
  static constexpr std::string_view kUnixScheme = "unix://";

  static std::string_view Name(std::string_view endpoint) {
    return StartsWith(endpoint, kUnixScheme) ? Slice(endpoint, kUnixScheme.size()) : endpoint;
  }

  Engine Judge(const Request& request, const Effect& effect) const {
    const std::string_view endpoint = effect.subject();
    if (!IsKnown(endpoint) || endpoint.empty()) {
      return Engine::kUnknown;
    }
    if (request.Is(SDP_REQUEST_REMOTE_ENGINE) || StartsWith(endpoint, "ssh://")) {
      return Engine::kRemote;
    }
    if (StartsWith(endpoint, "npipe://")) {
      return Engine::kVirtualMachine;
    }
    if (effect.name() == "context rootless") {
      return Engine::kRootless;
    }
    const std::string_view socket = Name(endpoint);
    if (!StartsWith(socket, '/')) {
      return Engine::kUnknown;
    }
    // The usual place is often a link to the engine of a desktop product.
    const Host host(*host_);
    sdp_path found{};
    if (host.ResolvePath(socket, "/", &found) == SDP_OK) {
      const Engine engine = JudgeSocket(host, View(found.resolved), request.home());
      if (engine != Engine::kUnknown) {
        return engine;
      }
    }
    return JudgeSocket(host, socket, request.home());
  }

  const sdp_host* host_ = nullptr;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Rootless, kDescription);
