#include "blocked_flags.hpp"

namespace safe_docker::flags {
namespace {

using namespace plugin;

struct Synonym {
  std::string_view name;
  std::string_view canonical;
};

constexpr Synonym kSynonyms[] = {{"net", "network"}, {"mount", "volume"}};

// The options that are switches; of all others "false" is a value like any other.
constexpr std::string_view kSwitches[] = {"detach",
                                          "disable-content-trust",
                                          "init",
                                          "interactive",
                                          "no-cache",
                                          "no-healthcheck",
                                          "oom-kill-disable",
                                          "privileged",
                                          "publish-all",
                                          "pull",
                                          "push",
                                          "load",
                                          "quiet",
                                          "read-only",
                                          "rm",
                                          "sig-proxy",
                                          "squash",
                                          "tty",
                                          "use-api-socket"};

std::string_view Canonical(std::string_view name) {
  for (const Synonym& synonym : kSynonyms) {
    if (name == synonym.name) {
      return synonym.canonical;
    }
  }
  return name;
}

bool IsFalse(std::string_view value) {
  return value == "0" || value == "f" || value == "F" || value == "false" || value == "False" || value == "FALSE";
}

bool IsSwitchedOff(std::string_view name, std::string_view value) {
  for (std::string_view known : kSwitches) {
    if (name == known) {
      return IsFalse(value);
    }
  }
  return false;
}

// An option with a value that is KEY, or KEY=VALUE.
struct Setting {
  std::string_view option;
  std::string_view key;
  std::string_view value;
};

// The value of an entry, which may leave out what stands behind the "=". Security options know ":" as well.
bool IsSameValue(const BlockedFlag& blocked, const Setting& setting) {
  if (setting.option == "cap-add") {
    return EqualIgnoringCase(BareCapability(blocked.value), BareCapability(setting.key));
  }
  if (blocked.value == setting.key) {
    return true;
  }
  const std::size_t separator = blocked.value.find_first_of("=:");
  return separator != std::string_view::npos && Slice(blocked.value, 0, separator) == setting.key &&
         Slice(blocked.value, separator + 1) == setting.value;
}

std::string_view DeviceOption(std::string_view kind) {
  if (kind == "cgroup-rule") {
    return "device-cgroup-rule";
  }
  return kind == "gpu" ? "gpus" : "device";
}

// The option of docker run or build that has this effect; an empty name if there is none.
Setting AsSetting(const Effect& effect) {
  switch (effect.kind()) {
    case SDP_EFFECT_PRIVILEGED:
      return {"privileged", "true", ""};
    case SDP_EFFECT_ADD_CAPABILITY:
      return {"cap-add", effect.subject(), ""};
    case SDP_EFFECT_JOIN_NAMESPACE:
      return {effect.name(), effect.subject(), ""};
    case SDP_EFFECT_USE_DEVICE:
      return {DeviceOption(effect.name()), effect.subject(), ""};
    case SDP_EFFECT_SECURITY_OPTION:
      return {"security-opt", effect.name(), effect.subject()};
    case SDP_EFFECT_SET_SYSCTL:
      return {"sysctl", effect.name(), effect.subject()};
    case SDP_EFFECT_MOUNT_HOST_PATH:
    case SDP_EFFECT_USE_VOLUME:
      return {"volume", effect.subject(), effect.target()};
    case SDP_EFFECT_INHERIT_MOUNTS:
      return {"volumes-from", effect.subject(), ""};
    case SDP_EFFECT_CGROUP_PARENT:
      return {"cgroup-parent", effect.subject(), ""};
    case SDP_EFFECT_ADD_HOST:
      return {"add-host", effect.name(), effect.subject()};
    case SDP_EFFECT_BUILD_ARGUMENT:
      return {"build-arg", effect.name(), effect.subject()};
    case SDP_EFFECT_BUILD_CREDENTIAL:
      return {effect.name(), effect.subject(), ""};
    case SDP_EFFECT_PUBLISH_PORT:
      return {"publish", effect.subject(), effect.target()};
    case SDP_EFFECT_PASS_ENVIRONMENT:
      return {"env", effect.name(), ""};
    case SDP_EFFECT_USE_API_SOCKET:
      return {"use-api-socket", "true", ""};
    case SDP_EFFECT_USE_RUNTIME:
      return {"runtime", effect.subject(), ""};
    default:
      return {};
  }
}

}  // namespace

std::string_view BareCapability(std::string_view name) {
  constexpr std::string_view kPrefix = "CAP_";
  return EqualIgnoringCase(Slice(name, 0, kPrefix.size()), kPrefix) ? Slice(name, kPrefix.size()) : name;
}

BlockedFlag::BlockedFlag(std::string_view entry) {
  while (StartsWith(entry, '-')) {
    entry.remove_prefix(1);
  }
  const std::size_t end = entry.find_first_of("= ");
  name = Canonical(Slice(entry, 0, end));
  has_value = end != std::string_view::npos;
  value = has_value ? Slice(entry, end + 1) : std::string_view{};
}

FlagMatch Match(const BlockedFlag& blocked, const Option& option) {
  if (blocked.name.empty() || Canonical(option.name()) != blocked.name || IsSwitchedOff(blocked.name, option.value())) {
    return FlagMatch::kNone;
  }
  const bool is_same =
      !blocked.has_value || blocked.value == option.value() || IsSameValue(blocked, {blocked.name, option.value(), ""});
  return is_same ? FlagMatch::kFull : FlagMatch::kName;
}

FlagMatch Match(const BlockedFlag& blocked, const Effect& effect) {
  const Setting setting = AsSetting(effect);
  if (blocked.name.empty() || setting.option != blocked.name) {
    return FlagMatch::kNone;
  }
  return !blocked.has_value || IsSameValue(blocked, setting) ? FlagMatch::kFull : FlagMatch::kName;
}

std::string_view FindBlocked(const Texts& entries, const Effect& effect) {
  for (std::string_view entry : entries) {
    if (Match(BlockedFlag(entry), effect) == FlagMatch::kFull) {
      return entry;
    }
  }
  return {};
}

}  // namespace safe_docker::flags
