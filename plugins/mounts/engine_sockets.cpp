#include "engine_sockets.hpp"

#include "paths.hpp"

namespace safe_docker::mounts {
namespace {

using namespace plugin;

// "*" is any one part of a path, "**" at the end is everything below.
constexpr std::string_view kSystemSockets[] = {
    "run/docker.sock",
    "run/docker/plugins/**",
    "run/docker/containerd/containerd.sock",
    "run/user/*/docker.sock",
    "run/user/*/docker/containerd/containerd.sock",
    "run/user/*/podman/podman.sock",
    "run/user/*/buildkit/buildkitd.sock",
    "run/user/*/containerd/containerd.sock",
    "run/podman/podman.sock",
    "run/containerd/containerd.sock",
    "run/k3s/containerd/containerd.sock",
    "run/crio/crio.sock",
    "run/cri-dockerd.sock",
    "run/buildkit/buildkitd.sock",
};

struct HomeSocket {
  std::string_view pattern;
  std::string_view example;  // where it is usually found, to look for it
};

constexpr HomeSocket kHomeSockets[] = {
    {".docker/run/docker.sock", ".docker/run/docker.sock"},
    {".docker/run/*", ".docker/run/docker-cli.sock"},
    {".docker/desktop/docker.sock", ".docker/desktop/docker.sock"},
    {".docker/desktop/docker.raw.sock", ".docker/desktop/docker.raw.sock"},
    {".docker/desktop/docker-cli.sock", ".docker/desktop/docker-cli.sock"},
    {".colima/docker.sock", ".colima/docker.sock"},
    {".colima/*/docker.sock", ".colima/default/docker.sock"},
    {".colima/*/containerd.sock", ".colima/default/containerd.sock"},
    {".config/colima/*/docker.sock", ".config/colima/default/docker.sock"},
    {".orbstack/run/docker.sock", ".orbstack/run/docker.sock"},
    {".rd/docker.sock", ".rd/docker.sock"},
    {".lima/*/sock/docker.sock", ".lima/docker/sock/docker.sock"},
    {".lima/*/sock/docker.sock", ".lima/default/sock/docker.sock"},
    {".lima/*/sock/podman.sock", ".lima/podman/sock/podman.sock"},
    {".local/share/containers/podman/machine/podman.sock", ".local/share/containers/podman/machine/podman.sock"},
    {".local/share/containers/podman/machine/*/podman.sock", ".local/share/containers/podman/machine/qemu/podman.sock"},
    {"Library/Containers/com.docker.docker/Data/docker.raw.sock",
     "Library/Containers/com.docker.docker/Data/docker.raw.sock"},
};

// Folders of the home that exist for their socket alone.
constexpr std::string_view kHomeSocketFolders[] = {
    ".docker/run", ".docker/desktop", ".colima/default", ".config/colima/default", ".orbstack/run", ".lima/*/sock",
};

constexpr std::string_view kSocketNames[] = {
    "docker.sock",    "podman.sock",     "containerd.sock", "crio.sock",
    "buildkitd.sock", "docker.raw.sock", "docker-cli.sock", "docker_engine",
};

// How a path without its leading "/" relates to a pattern.
enum class Relation { kNone, kMatches, kIsParent };

// `rest` is what is left of the pattern.
Relation Compare(std::string_view pattern, std::string_view path, std::string_view* rest = nullptr) {
  while (!pattern.empty()) {
    if (path.empty()) {
      if (rest != nullptr) {
        *rest = pattern;
      }
      return Relation::kIsParent;
    }
    const std::string_view expected = NextPart(&pattern, '/');
    if (expected == "**") {
      return Relation::kMatches;
    }
    const std::string_view part = NextPart(&path, '/');
    if (expected != "*" && !IsSameName(part, expected, Names::kFold)) {
      return Relation::kNone;
    }
  }
  return path.empty() ? Relation::kMatches : Relation::kNone;
}

std::string_view WithoutSlashes(std::string_view path) {
  while (StartsWith(path, '/')) {
    path.remove_prefix(1);
  }
  while (EndsWith(path, '/')) {
    path.remove_suffix(1);
  }
  return path;
}

// /var/run is /run everywhere, and /private/var is where macOS keeps /var. No leading "/".
std::string_view Canonical(std::string_view path) {
  path = WithoutSlashes(path);
  if (IsWithin(path, "private/var")) {
    path = WithoutSlashes(Slice(path, std::string_view("private").size()));
  }
  if (IsWithin(path, "var/run")) {
    path = WithoutSlashes(Slice(path, std::string_view("var").size()));
  }
  return path;
}

bool IsSocketNow(const Host& host, std::string_view path) {
  sdp_path found{};
  return host.ResolvePath(path, "/", &found) == SDP_OK && (found.flags & SDP_PATH_SOCKET) != 0;
}

}  // namespace

SocketMatch FindSystemSocket(std::string_view path) {
  const std::string_view place = Canonical(path);
  if (place.empty() || place == "var" || place == "private") {
    return SocketMatch::kFolder;
  }
  bool is_folder = false;
  for (std::string_view pattern : kSystemSockets) {
    const Relation relation = Compare(pattern, place);
    if (relation == Relation::kMatches) {
      return SocketMatch::kSocket;
    }
    is_folder = is_folder || relation == Relation::kIsParent;
  }
  return is_folder ? SocketMatch::kFolder : SocketMatch::kNone;
}

SocketMatch FindHomeSocket(const Host& host, std::string_view path, std::string_view home) {
  if (!Contains(home, path, kPermittedNames)) {
    return SocketMatch::kNone;
  }
  const std::string_view place = WithoutSlashes(Slice(path, home.size()));
  for (const HomeSocket& socket : kHomeSockets) {
    if (Compare(socket.pattern, place) == Relation::kMatches) {
      return SocketMatch::kSocket;
    }
  }
  for (std::string_view folder : kHomeSocketFolders) {
    if (Compare(folder, place) == Relation::kMatches) {
      return SocketMatch::kFolder;
    }
  }
  for (const HomeSocket& socket : kHomeSockets) {
    std::string_view rest;
    if (Compare(socket.pattern, place, &rest) != Relation::kIsParent) {
      continue;
    }
    const bool is_direct = rest.find('*') == std::string_view::npos;
    if (is_direct ? IsSocketNow(host, Message(path, "/", rest))
                  : IsSocketNow(host, Message(home, "/", socket.example))) {
      return SocketMatch::kOpenFolder;
    }
  }
  return SocketMatch::kNone;
}

SocketMatch FindEndpoint(const Host& host, std::string_view path, std::string_view endpoint) {
  constexpr std::string_view kScheme = "unix://";
  const std::string_view socket = StartsWith(endpoint, kScheme) ? Slice(endpoint, kScheme.size()) : std::string_view{};
  if (!StartsWith(socket, '/') || !IsKnown(socket)) {
    return SocketMatch::kNone;
  }
  const std::string_view place = Canonical(path);
  if (place == Canonical(socket)) {
    return SocketMatch::kSocket;
  }
  if (IsWithin(Canonical(socket), place)) {
    return SocketMatch::kOpenFolder;
  }
  if (FindSystemSocket(socket) == SocketMatch::kSocket) {
    return SocketMatch::kNone;  // where it leads is in the tables as well
  }
  sdp_path found{};
  if (host.ResolvePath(socket, "/", &found) != SDP_OK) {
    return SocketMatch::kNone;
  }
  if (place == Canonical(View(found.resolved))) {
    return SocketMatch::kSocket;
  }
  return IsWithin(Canonical(View(found.resolved)), place) ? SocketMatch::kOpenFolder : SocketMatch::kNone;
}

bool IsSocketName(std::string_view path) {
  const std::string_view name = Slice(path, path.find_last_of("/\\") + 1);
  for (std::string_view known : kSocketNames) {
    if (IsSameName(name, known, Names::kFold)) {
      return true;
    }
  }
  return false;
}

}  // namespace safe_docker::mounts
