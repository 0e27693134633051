// Which paths are the control socket of a container engine, or a folder that holds one. Knows the sockets of Docker,
// its desktop products, Podman, containerd, CRI-O and BuildKit by place and by file name; asks the file system only
// about folders of the home that might hold one.
#pragma once

#include <safe_docker/checker.hpp>

#include <string_view>

namespace safe_docker::mounts {

enum class SocketMatch {
  kNone,
  kSocket,      // is one
  kFolder,      // always holds one
  kOpenFolder,  // holds one right now
};

// Whether `path` is one of the sockets that every machine has at the same place, or a folder that holds one.
SocketMatch FindSystemSocket(std::string_view path);

// The same for those below the home. Looks whether a folder holds one right now.
SocketMatch FindHomeSocket(const plugin::Host& host, std::string_view path, std::string_view home);

// Whether `path` is the engine's own endpoint ("unix:///path") or a folder that holds it.
SocketMatch FindEndpoint(const plugin::Host& host, std::string_view path, std::string_view endpoint);

// True if the last part of `path` is the usual name of such a socket.
bool IsSocketName(std::string_view path);

}  // namespace safe_docker::mounts
