// What the containers of a pod would do to the host, said in the options of `podman run` that mean the same.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "objects.hpp"

namespace safe_docker::kube {

// What the command line says that matters to each pod.
struct Setup {
  std::string_view seccomp_root;  // where profiles of "localhost/..." lie
};

// The volumes of a pod by name; podman takes the last of several, and all are looked at.
using Volumes = std::unordered_map<std::string_view, std::vector<const Node*>>;

// What one container is judged with.
struct ContainerContext {
  const Pod& pod;
  const Volumes& volumes;
  const Node& container;
  std::string_view name;
  const Setup& setup;
  Writer& out;
};

// Begins a request and ends it in any case, so that a failure half-way leaves none open.
class OpenPart {
 public:
  OpenPart(Writer& out, std::string_view what, const Node& part) : out_(out) { out_.BeginPart(what, part); }
  OpenPart(const OpenPart&) = delete;
  OpenPart& operator=(const OpenPart&) = delete;
  ~OpenPart() { out_.End(); }

 private:
  Writer& out_;
};

// One request for each container of the pod, init containers first.
void WritePod(const Pod& pod, const Setup& setup, Writer& out);

// What the container itself says; containers.cpp.
void WriteContainer(const ContainerContext& context);

// What the container mounts of the pod's volumes; volumes.cpp.
void WriteMounts(const ContainerContext& context);

// Folders and files that podman makes for volumes that no container mounts; volumes.cpp.
void WriteUnmountedVolumes(const Pod& pod, Writer& out);

// The volume that podman makes for a claim; volumes.cpp.
void WriteClaim(const Node& claim, Writer& out);

// Puts a field that is on or off into the request: as the option if it is on, as something unknown if nobody can tell.
void WriteSwitch(const Node& map, std::string_view field, std::string_view option, std::string_view value, Writer& out);

}  // namespace safe_docker::kube
