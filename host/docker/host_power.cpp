#include "docker/host_power.hpp"

#include <algorithm>
#include <iterator>

#include "docker/effect_phrases.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

const std::string& PathOf(const Effect& effect) { return effect.resolved.empty() ? effect.subject : effect.resolved; }

bool IsUnresolved(const Effect& effect) { return (effect.flags & SDP_EFFECT_UNRESOLVED) != 0; }
bool IsWritable(const Effect& effect) { return (effect.flags & SDP_EFFECT_READ_ONLY) == 0; }

bool Always(const Effect& /*effect*/, const Surroundings& /*around*/) { return true; }
bool IsUnknownPath(const Effect& effect, const Surroundings& /*around*/) { return IsUnresolved(effect); }

// The sockets that engines are known to listen on, and the folders that hold them.
bool LeadsToEngine(const Effect& effect, const Surroundings& /*around*/) {
  constexpr std::string_view kSockets[] = {"docker.sock", "podman.sock", "containerd.sock", "crio.sock",
                                           "buildkitd.sock"};
  constexpr std::string_view kFolders[] = {"/", "/run", "/var", "/var/run", "/run/docker", "/run/containerd"};
  const std::string& path = PathOf(effect);
  const std::string_view name = BaseName(path);
  return std::find(std::begin(kSockets), std::end(kSockets), name) != std::end(kSockets) ||
         std::find(std::begin(kFolders), std::end(kFolders), path) != std::end(kFolders);
}

bool IsRoot(const Effect& effect, const Surroundings& /*around*/) { return PathOf(effect) == "/"; }
bool IsWritableRoot(const Effect& effect, const Surroundings& around) {
  return IsRoot(effect, around) && IsWritable(effect);
}

// The home itself, or a folder around it.
bool HoldsHome(const Effect& effect, const Surroundings& around) {
  return !around.home.empty() && !IsUnresolved(effect) && IsWithin(around.home, PathOf(effect));
}
bool HoldsWritableHome(const Effect& effect, const Surroundings& around) {
  return HoldsHome(effect, around) && IsWritable(effect);
}

// The home's other folders are less than what belongs to the system and to other people.
bool IsElsewhere(const Effect& effect, const Surroundings& around) {
  return !IsUnresolved(effect) && (around.home.empty() || !IsWithin(PathOf(effect), around.home)) &&
         (around.project.empty() || !IsWithin(PathOf(effect), around.project));
}
bool IsWritableElsewhere(const Effect& effect, const Surroundings& around) {
  return IsElsewhere(effect, around) && IsWritable(effect);
}
bool IsBeyondProject(const Effect& effect, const Surroundings& around) {
  return !IsUnresolved(effect) && (around.project.empty() || !IsWithin(PathOf(effect), around.project));
}
bool IsWritableBeyondProject(const Effect& effect, const Surroundings& around) {
  return IsBeyondProject(effect, around) && IsWritable(effect);
}

bool IsShared(const Effect& effect, const Surroundings& /*around*/) {
  const std::string options = "," + effect.options + ",";
  return options.find(",shared,") != std::string::npos || options.find(",rshared,") != std::string::npos;
}

bool IsAll(const Effect& effect, const Surroundings& /*around*/) { return effect.subject == "ALL"; }

bool IsHostsProcesses(const Effect& effect, const Surroundings& /*around*/) {
  return effect.subject == "host" && effect.name == "pid";
}
bool IsHosts(const Effect& effect, const Surroundings& /*around*/) { return effect.subject == "host"; }
bool IsContainers(const Effect& effect, const Surroundings& /*around*/) {
  return effect.subject.starts_with("container:");
}

bool IsSwitchedOff(const Effect& effect, const Surroundings& /*around*/) {
  constexpr std::string_view kOff[] = {"unconfined", "disable", "label=disable"};
  return std::find(std::begin(kOff), std::end(kOff), effect.subject) != std::end(kOff) || effect.name == "systempaths";
}

bool IsOfKernel(const Effect& effect, const Surroundings& /*around*/) { return effect.name.starts_with("kernel."); }

bool IsOpaque(const Effect& effect, const Surroundings& /*around*/) { return effect.options != "read"; }

bool IsData(const Effect& effect, const Surroundings& /*around*/) {
  return ("," + effect.options + ",").find(",data,") != std::string::npos;
}

struct PowerRow {
  sdp_effect_kind kind;
  bool (*applies)(const Effect& effect, const Surroundings& around);
  std::string_view phrase;  // behind "could "
};

// The strongest first. An effect counts by the first row that applies to it.
constexpr PowerRow kPowers[] = {
    {SDP_EFFECT_PRIVILEGED, &Always, "do all that root can do on the host"},
    {SDP_EFFECT_USE_API_SOCKET, &Always, "command the engine, and so control the host"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &IsWritableRoot, "write every file of the host"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &LeadsToEngine, "command the engine, and so control the host"},
    {SDP_EFFECT_RAW_ENGINE, &IsOpaque, "do anything that the engine can do"},
    {SDP_EFFECT_ADD_CAPABILITY, &IsAll, "use all of root's capabilities"},
    {SDP_EFFECT_USE_DEVICE, &Always, "use the host's device {s}"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &IsUnknownPath, "reach files of the host that nobody knows beforehand"},
    {SDP_EFFECT_JOIN_NAMESPACE, &IsHostsProcesses, "see and stop the host's processes"},
    {SDP_EFFECT_RUN_CODE, &Always, "run code from elsewhere on the host ({n})"},
    {SDP_EFFECT_DELETE_HOST_PATH, &HoldsHome, "delete your home"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &HoldsWritableHome, "write your home"},
    {SDP_EFFECT_WRITE_HOST_PATH, &HoldsHome, "write your home"},
    {SDP_EFFECT_DELETE_HOST_PATH, &IsElsewhere, "delete {p}"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &IsWritableElsewhere, "write {p}"},
    {SDP_EFFECT_WRITE_HOST_PATH, &IsElsewhere, "write {p}"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &IsShared, "mount file systems on the host below {p}"},
    {SDP_EFFECT_ADD_CAPABILITY, &Always, "use root's capability {s}"},
    {SDP_EFFECT_JOIN_NAMESPACE, &IsHosts, "join the host's {n}"},
    {SDP_EFFECT_SECURITY_OPTION, &IsSwitchedOff, "attack the kernel without the protection of {n}"},
    {SDP_EFFECT_SET_SYSCTL, &IsOfKernel, "set the kernel's parameter {n}"},
    {SDP_EFFECT_USE_RUNTIME, &Always, "run as root with the runtime {s}"},
    {SDP_EFFECT_CHANGE_ENGINE, &Always, "change the engine ({n})"},
    {SDP_EFFECT_BUILD_CREDENTIAL, &Always, "use your credentials ({n})"},
    {SDP_EFFECT_INHERIT_MOUNTS, &Always, "use the mounts of the container {s}"},
    {SDP_EFFECT_JOIN_NAMESPACE, &IsContainers, "touch what belongs to another container ({n})"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &IsRoot, "read every file of the host"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &HoldsHome, "read your home"},
    {SDP_EFFECT_READ_HOST_PATH, &HoldsHome, "read your home"},
    {SDP_EFFECT_DELETE_HOST_PATH, &IsUnknownPath, "delete files that nobody knows beforehand"},
    {SDP_EFFECT_WRITE_HOST_PATH, &IsUnknownPath, "write files that nobody knows beforehand"},
    {SDP_EFFECT_DELETE_HOST_PATH, &IsBeyondProject, "delete {p}"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &IsWritableBeyondProject, "write {p}"},
    {SDP_EFFECT_WRITE_HOST_PATH, &IsBeyondProject, "write {p}"},
    {SDP_EFFECT_MOUNT_HOST_PATH, &IsBeyondProject, "read {p}"},
    {SDP_EFFECT_READ_HOST_PATH, &IsUnknownPath, "read files that nobody knows beforehand"},
    {SDP_EFFECT_READ_HOST_PATH, &IsBeyondProject, "read {p}"},
    {SDP_EFFECT_DESTROY, &IsData, "destroy data that cannot be made again ({n}[ {s}])"},
    {SDP_EFFECT_SEND, &Always, "send something away from this machine ({n})"},
    {SDP_EFFECT_UNKNOWN, &Always, "do something that nobody knows beforehand"},
};

const PowerRow* RowOf(const Effect& effect, const Surroundings& around) {
  const auto* const found = std::find_if(std::begin(kPowers), std::end(kPowers), [&](const PowerRow& row) {
    return row.kind == effect.kind && row.applies(effect, around);
  });
  return found == std::end(kPowers) ? nullptr : found;
}

struct Power {
  const PowerRow* row;
  std::string phrase;
};

}  // namespace

std::vector<std::string> HostPowers(std::span<const Request> requests, const Surroundings& surroundings) {
  std::vector<Power> found;
  for (const Request& request : requests) {
    const bool is_remote = (request.flags & SDP_REQUEST_REMOTE_ENGINE) != 0;
    for (const Effect& effect : request.effects) {
      if (const PowerRow* const row = RowOf(effect, surroundings)) {
        found.push_back({row, FillIn(row->phrase, effect) + (is_remote ? ", on the engine's machine" : "")});
      }
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Power& left, const Power& right) { return left.row < right.row; });
  std::vector<std::string> powers;
  for (Power& power : found) {
    if (std::find(powers.begin(), powers.end(), power.phrase) == powers.end()) {
      powers.push_back(std::move(power.phrase));
    }
  }
  return powers;
}

std::string HostPowerLine(std::span<const Request> requests, std::span<const std::string> powers) {
  if (powers.empty()) {
    return "nothing of the host beyond the project";
  }
  const auto is_container = [](const Effect& effect) {
    return effect.kind == SDP_EFFECT_USE_IMAGE && effect.name == "run";
  };
  const auto containers = std::count_if(requests.begin(), requests.end(), [&](const Request& request) {
    return std::any_of(request.effects.begin(), request.effects.end(), is_container);
  });
  std::string line = containers == 0   ? "this command could "
                     : containers == 1 ? "this container could "
                                       : "these containers could ";
  for (std::size_t index = 0; index < powers.size(); ++index) {
    line += index == 0 ? "" : index + 1 == powers.size() ? ", and " : ", ";
    line += powers[index];
  }
  return line;
}

}  // namespace safe_docker::docker
