#include "classify.hpp"

#include "blocked_flags.hpp"
#include "devices.hpp"
#include "engine_settings.hpp"
#include "metadata_hosts.hpp"
#include "secret_names.hpp"

namespace safe_docker::flags {
namespace {

using namespace plugin;

constexpr std::string_view kContainerPrefix = "container:";

bool IsTrue(std::string_view value) {
  return value == "1" || value == "t" || value == "T" || value == "true" || value == "True" || value == "TRUE";
}

bool IsFalse(std::string_view value) {
  return value == "0" || value == "f" || value == "F" || value == "false" || value == "False" || value == "FALSE";
}

// True if the unknown parts of `text` could be such that it begins with, or is, `wanted`.
bool MayBecome(std::string_view text, std::string_view wanted) {
  const std::string_view known = Slice(text, 0, text.find('\0'));
  return !IsKnown(text) && (StartsWith(wanted, known) || StartsWith(known, wanted));
}

// What docker gives to every container, so that adding it changes nothing.
bool IsDefaultCapability(std::string_view name) {
  constexpr std::string_view kDefault[] = {"AUDIT_WRITE", "CHOWN",   "DAC_OVERRIDE",     "FOWNER",    "FSETID",
                                           "KILL",        "MKNOD",   "NET_BIND_SERVICE", "NET_RAW",   "SETFCAP",
                                           "SETGID",      "SETPCAP", "SETUID",           "SYS_CHROOT"};
  for (std::string_view given : kDefault) {
    if (EqualIgnoringCase(name, given)) {
      return true;
    }
  }
  return false;
}

// The list that safe-docker comes with. Who has taken one of these off the list wants it to pass.
bool IsOffTheList(std::string_view name) {
  constexpr std::string_view kShipped[] = {
      "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "SYS_RAWIO", "ALL",       "DAC_READ_SEARCH", "NET_ADMIN",         "BPF",
      "PERFMON",   "SYS_BOOT",   "SYS_TIME",   "SYSLOG",    "MAC_ADMIN", "MAC_OVERRIDE",    "CHECKPOINT_RESTORE"};
  for (std::string_view shipped : kShipped) {
    if (EqualIgnoringCase(name, shipped)) {
      return true;
    }
  }
  return false;
}

Objection ClassifyCapability(const Effect& effect, const Blocked& blocked) {
  // ALL brings along whatever is blocked.
  if (EqualIgnoringCase(BareCapability(effect.subject()), "ALL") && !blocked.capabilities.empty()) {
    return Objection::kCapability;
  }
  for (std::string_view capability : blocked.capabilities) {
    if (EqualIgnoringCase(BareCapability(capability), BareCapability(effect.subject()))) {
      return Objection::kCapability;
    }
  }
  const std::string_view name = BareCapability(effect.subject());
  if (blocked.capabilities.empty() || IsDefaultCapability(name) || IsOffTheList(name)) {
    return Objection::kNone;
  }
  return IsKnown(name) ? Objection::kOtherCapability : Objection::kUnresolved;
}

// Sharing the host's network or process ids is denied because blocked_flags says so; the rest is denied always.
Objection ClassifyNamespace(const Effect& effect, const Blocked& blocked) {
  const std::string_view subject = effect.subject();
  if (subject == "host") {
    const bool by_list = effect.name() == "network" || effect.name() == "pid";
    return !by_list || !FindBlocked(blocked.flags, effect).empty() ? Objection::kHostNamespace : Objection::kNone;
  }
  if (StartsWith(subject, kContainerPrefix)) {
    return Objection::kContainerNamespace;
  }
  // podman: the namespace of any process, and networks through which the host's own addresses are reached
  const bool reaches_host =
      (StartsWith(subject, "slirp4netns:") && subject.find("allow_host_loopback=true") != std::string_view::npos) ||
      (StartsWith(subject, "pasta:") && subject.find("-T") != std::string_view::npos);
  if (StartsWith(subject, "ns:") || reaches_host) {
    return Objection::kHostNamespace;
  }
  const bool may_matter =
      MayBecome(subject, "host") || MayBecome(subject, kContainerPrefix) || MayBecome(subject, "ns:");
  return may_matter ? Objection::kUnresolved : Objection::kNone;
}

Objection ClassifyLabel(std::string_view value) {
  constexpr std::string_view kHarmless[] = {
      "user:", "role:", "level:", "filetype:", "type:container_t", "type:container_init_t", "type:container_kvm_t"};
  if (EqualIgnoringCase(value, "disable") || value == "type:spc_t") {
    return Objection::kSecurityOption;
  }
  for (std::string_view harmless : kHarmless) {
    if (EndsWith(harmless, ':') ? StartsWith(value, harmless) : value == harmless) {
      return Objection::kNone;
    }
  }
  return IsKnown(value) ? Objection::kOtherSecurityOption : Objection::kUnresolved;
}

// A switch that protects when on (`is_guard`) or exposes when on; bare means on.
Objection ClassifySwitch(std::string_view value, bool is_guard) {
  if (!IsKnown(value)) {
    return Objection::kUnresolved;
  }
  const bool is_on = value.empty() || IsTrue(value);
  if (!is_on && !IsFalse(value)) {
    return Objection::kOtherSecurityOption;
  }
  return is_on == is_guard ? Objection::kNone : Objection::kSecurityOption;
}

Objection ClassifySecurityOption(const Effect& effect) {
  const std::string_view key = effect.name();
  const std::string_view value = effect.subject();
  if (key == "disable") {
    return Objection::kSecurityOption;
  }
  if (key == "no-new-privileges" || key == "writable-cgroups") {
    return ClassifySwitch(value, key == "no-new-privileges");
  }
  if (key == "label") {
    return ClassifyLabel(value);
  }
  const bool is_confinement = key == "seccomp" || key == "apparmor" || key == "systempaths";
  if (is_confinement && EqualIgnoringCase(value, "unconfined")) {
    return Objection::kSecurityOption;
  }
  if (!IsKnown(key) || !IsKnown(value)) {
    return Objection::kUnresolved;
  }
  if (key == "seccomp") {
    return value == "builtin" ? Objection::kNone : Objection::kSeccompProfile;
  }
  return key == "apparmor" ? Objection::kNone : Objection::kOtherSecurityOption;
}

Objection OfDevice(DeviceRisk risk) {
  switch (risk) {
    case DeviceRisk::kHarmless:
      return Objection::kNone;
    case DeviceRisk::kUnusual:
      return Objection::kDevice;
    case DeviceRisk::kRaw:
      break;
  }
  return Objection::kRawDevice;
}

Objection ClassifyDevice(const Effect& effect) {
  if (effect.name() == "gpu") {
    return Objection::kGpu;
  }
  if (!IsKnown(effect.subject())) {
    return Objection::kUnresolved;
  }
  if (effect.name() == "cgroup-rule") {
    return OfDevice(JudgeDeviceRule(effect.subject()));
  }
  if (effect.name() != "device") {
    return Objection::kDevice;
  }
  const DeviceRisk risk = JudgeDevice(effect.subject());
  const DeviceRisk of_target = effect.resolved().empty() ? risk : JudgeDevice(effect.resolved());
  return OfDevice(risk > of_target ? risk : of_target);
}

Objection ClassifySysctl(const Effect& effect) {
  // The engine takes "kernel/shmmax" for the same parameter.
  const std::string_view name = effect.name();
  if (StartsWith(name, "kernel.") || StartsWith(name, "kernel/")) {
    return Objection::kKernelSysctl;
  }
  return IsKnown(name) ? Objection::kSysctl : Objection::kUnresolved;
}

Objection ClassifyHost(const Effect& effect) {
  if (IsMetadataAddress(effect.subject()) || IsMetadataName(effect.name())) {
    return Objection::kMetadataHost;
  }
  return IsKnown(effect.subject()) && IsKnown(effect.name()) ? Objection::kNone : Objection::kUnresolved;
}

Objection ClassifyBuildArgument(const Effect& effect) {
  const bool is_empty = effect.subject().empty() && EndsWith(effect.written(), '=');
  if (IsSecretName(effect.name()) && !is_empty) {
    return Objection::kBuildSecret;
  }
  return IsKnown(effect.name()) ? Objection::kNone : Objection::kUnresolved;
}

Objection ClassifyRuntime(const Effect& effect) {
  constexpr std::string_view kKnown[] = {"runc", "nvidia", "runsc", "crun"};
  const std::string_view name = effect.subject();
  for (std::string_view known : kKnown) {
    if (name == known) {
      return Objection::kNone;
    }
  }
  const bool is_kata = StartsWith(name, "kata") && name.find_first_of("./") == std::string_view::npos;
  if (!IsKnown(name)) {
    return Objection::kUnresolved;
  }
  return is_kata ? Objection::kNone : Objection::kRuntime;
}

Objection ClassifyKind(const Effect& effect, const Blocked& blocked) {
  switch (effect.kind()) {
    case SDP_EFFECT_PRIVILEGED:
      return FindBlocked(blocked.flags, effect).empty() ? Objection::kNone : Objection::kPrivileged;
    case SDP_EFFECT_ADD_CAPABILITY:
      return ClassifyCapability(effect, blocked);
    case SDP_EFFECT_JOIN_NAMESPACE:
      return ClassifyNamespace(effect, blocked);
    case SDP_EFFECT_SECURITY_OPTION:
      return ClassifySecurityOption(effect);
    case SDP_EFFECT_USE_DEVICE:
      return ClassifyDevice(effect);
    case SDP_EFFECT_SET_SYSCTL:
      return ClassifySysctl(effect);
    case SDP_EFFECT_INHERIT_MOUNTS:
      return Objection::kVolumesFrom;
    case SDP_EFFECT_ADD_HOST:
      return ClassifyHost(effect);
    case SDP_EFFECT_CGROUP_PARENT:
      return Objection::kCgroupParent;
    case SDP_EFFECT_BUILD_ARGUMENT:
      return ClassifyBuildArgument(effect);
    case SDP_EFFECT_USE_API_SOCKET:
      return Objection::kApiSocket;
    case SDP_EFFECT_BUILD_CREDENTIAL:
      return effect.name() == "ssh" ? Objection::kBuildSsh : Objection::kNone;
    case SDP_EFFECT_RUN_CODE:
      return ClassifyCode(effect);
    case SDP_EFFECT_CHANGE_ENGINE:
      return ClassifyChange(effect);
    case SDP_EFFECT_SET_OPTION:
      return ClassifySetting(effect);
    case SDP_EFFECT_SEND:
      return ClassifySent(effect);
    case SDP_EFFECT_FETCH:
      return ClassifyFetched(effect);
    case SDP_EFFECT_RAW_ENGINE:
      return effect.options() == "read" ? Objection::kRawEngine : Objection::kRawEngineOpaque;
    case SDP_EFFECT_DELETE_HOST_PATH:
      return effect.options() == "tree" && (effect.Is(SDP_EFFECT_EXISTS) || effect.Is(SDP_EFFECT_UNRESOLVED))
                 ? Objection::kWipedFolder
                 : Objection::kNone;
    case SDP_EFFECT_USE_RUNTIME:
      return ClassifyRuntime(effect);
    default:
      return Objection::kNone;
  }
}

// The kinds that ClassifyKind decides by a text.
constexpr std::uint64_t kDecidedByText =
    Bit(SDP_EFFECT_ADD_CAPABILITY) | Bit(SDP_EFFECT_JOIN_NAMESPACE) | Bit(SDP_EFFECT_SECURITY_OPTION) |
    Bit(SDP_EFFECT_USE_DEVICE) | Bit(SDP_EFFECT_SET_SYSCTL) | Bit(SDP_EFFECT_ADD_HOST) | Bit(SDP_EFFECT_USE_RUNTIME);

}  // namespace

Objection Classify(const Effect& effect, const Blocked& blocked) {
  const Objection objection = ClassifyKind(effect, blocked);
  // The host says that something is unknown, and no text shows what.
  const bool shows_unknown = !IsKnown(effect.subject()) || !IsKnown(effect.name());
  if (objection == Objection::kNone && effect.Is(SDP_EFFECT_UNRESOLVED) && !shows_unknown &&
      effect.kind() < SDP_EFFECT_KIND_COUNT && (kDecidedByText & Bit(effect.kind())) != 0) {
    return Objection::kUnresolved;
  }
  return objection;
}

}  // namespace safe_docker::flags
