#include "docker/clients/raw_engine.hpp"

#include <algorithm>

#include "docker/csv.hpp"
#include "docker/effects.hpp"

namespace safe_docker::docker {
namespace {

constexpr std::string_view kSocketNames[] = {"docker.sock",    "containerd.sock", "podman.sock",
                                             "buildkitd.sock", "crio.sock",       "cri-dockerd.sock"};
// Folders of the system whose sockets are all an engine's, or of its plugins.
constexpr std::string_view kSocketFolders[] = {"docker", "containerd", "podman", "crio", "buildkit"};

bool IsEngineName(std::string_view name) {
  const std::string small = ToLower(name);
  const bool is_named = std::find(std::begin(kSocketNames), std::end(kSocketNames), small) != std::end(kSocketNames);
  return is_named || (small.starts_with("docker") && small.ends_with(".sock")) ||
         small.starts_with("containerd.sock");  // containerd.sock.ttrpc
}

// By the text alone.
bool IsEngineSocketPath(std::string_view path) {
  const bool is_socket = path.ends_with(".sock");
  const bool is_systems = path.starts_with("/run/") || path.starts_with("/var/run/");
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    const bool is_folder =
        part == ".docker" || (is_systems && std::find(std::begin(kSocketFolders), std::end(kSocketFolders), part) !=
                                                std::end(kSocketFolders));
    if ((path.empty() && IsEngineName(part)) || part.starts_with("docker.sock") || (is_folder && is_socket)) {
      return true;
    }
  }
  return false;
}

// The part behind the last colon, if it is one of the engine's ports.
bool HasEnginePort(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  std::string_view port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon + 1);
  while (port.size() > 4 && port.front() == '0') {
    port.remove_prefix(1);
  }
  return port == "2375" || port == "2376";
}

}  // namespace

SocketKind JudgeSocket(std::string_view path, const CommandLine& line, PathResolver* paths) {
  if (IsEngineSocketPath(path)) {
    return SocketKind::kEngine;
  }
  const bool is_relative = !path.starts_with('/');
  if (!IsKnown(path) || (is_relative && !IsKnown(line.cwd))) {
    return SocketKind::kUnknown;
  }
  const ResolvedPath opened = paths->ResolveAsOpened(path, line.cwd);
  if (IsEngineSocketPath(opened.clean) || IsEngineSocketPath(opened.resolved)) {
    return SocketKind::kEngine;
  }
  return opened.complete ? SocketKind::kOther : SocketKind::kUnknown;
}

bool HoldsEngineSocket(std::string_view text, const CommandLine& line, PathResolver* paths) {
  constexpr std::string_view kSeparators = ":= ,;|&()<>\t\n";
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(kSeparators);
    const std::string_view part = text.substr(0, end);
    if (!part.empty() && JudgeSocket(part, line, paths) == SocketKind::kEngine) {
      return true;
    }
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return false;
}

std::string_view AuthorityOf(std::string_view address) {
  const std::size_t scheme = address.find("://");
  address.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
  address = address.substr(0, address.find_first_of("/?#"));
  return address.substr(address.rfind('@') + 1);
}

bool IsEngineAddress(std::string_view address, const Environment& environment) {
  const std::string_view authority = AuthorityOf(address);
  const std::string engine = environment.Get("DOCKER_HOST").value;
  const bool is_network = !engine.empty() && !engine.starts_with("unix:") && !engine.starts_with("fd:");
  return HasEnginePort(authority) || (is_network && !authority.empty() && AuthorityOf(engine) == authority);
}

void AddRawEndpoint(std::string_view endpoint, std::string_view chosen_by, Request* request) {
  request->engine = endpoint;
  AddEffect(SDP_EFFECT_USE_ENGINE, endpoint, chosen_by, request->evidence, request);
}

void AddUnreadEngine(std::string_view subject, const Evidence& evidence, Request* request) {
  Effect effect;
  effect.kind = SDP_EFFECT_RAW_ENGINE;
  effect.subject = subject;
  effect.name = request->program;
  effect.evidence = evidence;
  effect.flags = IsKnown(subject) ? 0U : static_cast<std::uint32_t>(SDP_EFFECT_UNRESOLVED);
  request->effects.insert(request->effects.begin(), std::move(effect));
}

void AddRawEngine(std::string_view subject, const Evidence& evidence, Request* request) {
  const bool is_read = std::none_of(request->effects.begin(), request->effects.end(),
                                    [](const Effect& effect) { return effect.kind == SDP_EFFECT_UNKNOWN; });
  AddUnreadEngine(subject, evidence, request);
  request->effects.front().options = is_read ? "read" : "";
}

}  // namespace safe_docker::docker
