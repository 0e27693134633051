#include "docker/effect_phrases.hpp"

#include <algorithm>
#include <iterator>

namespace safe_docker::docker {
namespace {

struct KindRow {
  sdp_effect_kind kind;
  std::string_view name;
  std::string_view pattern;
};

// In the order of the kinds, so that a kind is its own place.
constexpr KindRow kKinds[] = {
    {0, "none", "has no effect"},
    {SDP_EFFECT_UNKNOWN, "unknown", "is not understood: {s}[ ({n})]"},
    {SDP_EFFECT_MOUNT_HOST_PATH, "mount", "makes the host's {p} visible in the container[ as {t}][ ({o})]"},
    {SDP_EFFECT_READ_HOST_PATH, "read", "reads the host's {p}[, as {n}]"},
    {SDP_EFFECT_WRITE_HOST_PATH, "write", "writes the host's {p}[, as {n}]"},
    {SDP_EFFECT_DELETE_HOST_PATH, "delete", "deletes the host's {p}[, as {n}]"},
    {SDP_EFFECT_USE_VOLUME, "volume", "mounts a volume[ {s}][ at {t}]"},
    {SDP_EFFECT_INHERIT_MOUNTS, "inherit-mounts", "takes over the mounts of the container {s}"},
    {SDP_EFFECT_PRIVILEGED, "privileged", "is privileged: all capabilities and devices, no confinement[ ({n})]"},
    {SDP_EFFECT_ADD_CAPABILITY, "capability", "adds the capability {s}"},
    {SDP_EFFECT_JOIN_NAMESPACE, "namespace", "joins a namespace: {n} of {s}"},
    {SDP_EFFECT_USE_DEVICE, "device", "uses the host's device {s}[ ({o})]"},
    {SDP_EFFECT_SECURITY_OPTION, "security-option", "sets the security option {n}[={s}]"},
    {SDP_EFFECT_SET_SYSCTL, "sysctl", "sets the kernel parameter {n}[={s}]"},
    {SDP_EFFECT_CGROUP_PARENT, "cgroup-parent", "runs in the cgroup {s}"},
    {SDP_EFFECT_ADD_HOST, "add-host", "gives the address {s} the name {n}"},
    {SDP_EFFECT_BUILD_ARGUMENT, "build-argument", "hands the argument {n} to the build"},
    {SDP_EFFECT_BUILD_CREDENTIAL, "build-credential", "lends credentials to the build: {n}[ {s}]"},
    {SDP_EFFECT_USE_IMAGE, "image", "uses the image {s}[ (to {n})]"},
    {SDP_EFFECT_USE_ENGINE, "engine", "talks to the engine at {s}[, chosen by {n}]"},
    {SDP_EFFECT_DESTROY, "destroy", "destroys: {n}[ {s}][ ({o})]"},
    {SDP_EFFECT_RUN_CODE, "run-code", "runs code from elsewhere: {n}[ from {s}]"},
    {SDP_EFFECT_RUN_COMMAND, "command", "runs in the container[ {n}]: {s}"},
    {SDP_EFFECT_PUBLISH_PORT, "port", "publishes the container's port {t}[ at {s}]"},
    {SDP_EFFECT_PASS_ENVIRONMENT, "environment", "passes the variable {n} on"},
    {SDP_EFFECT_USE_API_SOCKET, "api-socket", "hands the engine's socket and the registry logins to the container"},
    {SDP_EFFECT_CHANGE_ENGINE, "change-engine", "changes the engine or the client: {n}[ {s}]"},
    {SDP_EFFECT_USE_RUNTIME, "runtime", "starts the container with the runtime {s}"},
    {SDP_EFFECT_SEND, "send", "sends away from this machine: {n}[ to {s}]"},
    {SDP_EFFECT_FETCH, "fetch", "fetches {s}[ as {n}]"},
    {SDP_EFFECT_SET_OPTION, "option", "sets {n}[={s}]"},
    {SDP_EFFECT_CONTROL_CONTAINER, "container-control", "acts on an existing container: {n}[ {s}]"},
    {SDP_EFFECT_RAW_ENGINE, "raw-engine", "reaches the engine past docker's command line: {n}[ {s}]"},
    {SDP_EFFECT_ORDINARY_OPTION, "ordinary-option", "sets {n}[={s}]"},
};

constexpr bool IsInOrder() {
  sdp_effect_kind kind = 0;
  return std::all_of(std::begin(kKinds), std::end(kKinds), [&kind](const KindRow& row) { return row.kind == kind++; });
}
static_assert(std::size(kKinds) == SDP_EFFECT_KIND_COUNT && IsInOrder());

const KindRow& RowOf(sdp_effect_kind kind) { return kKinds[kind < SDP_EFFECT_KIND_COUNT ? kind : 0]; }

const std::string& Field(char letter, const Effect& effect) {
  switch (letter) {
    case 's':
      return effect.subject;
    case 'n':
      return effect.name;
    case 't':
      return effect.target;
    case 'o':
      return effect.options;
    default:
      return effect.resolved.empty() ? effect.subject : effect.resolved;
  }
}

}  // namespace

std::string_view NameOf(sdp_effect_kind kind) { return RowOf(kind).name; }

std::string Phrase(const Effect& effect) {
  std::string text = FillIn(RowOf(effect.kind).pattern, effect);
  const bool is_mount = effect.kind == SDP_EFFECT_MOUNT_HOST_PATH;
  text += is_mount ? (effect.flags & SDP_EFFECT_READ_ONLY) != 0 ? ", read-only" : ", to read and write" : "";
  text += (effect.flags & SDP_EFFECT_SOCKET) != 0 ? "; it is a socket" : "";
  return text + ((effect.flags & SDP_EFFECT_UNRESOLVED) != 0 ? "; a part of it is only known when it runs" : "");
}

std::string FillIn(std::string_view pattern, const Effect& effect) {
  std::string text;
  std::size_t part = std::string::npos;  // where a part in brackets began
  bool lacks_field = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '[') {
      part = text.size();
      lacks_field = false;
    } else if (pattern[at] == ']') {
      text.resize(lacks_field ? part : text.size());
    } else if (pattern[at] == '{') {
      const std::string& field = Field(pattern[at + 1], effect);
      lacks_field = lacks_field || field.empty();
      text += field;
      at += 2;
    } else {
      text += pattern[at];
    }
  }
  return text;
}

}  // namespace safe_docker::docker
