#include "audit/excuses.hpp"

#include <safe_docker/image_pattern.hpp>

#include <safe_docker/plugin.h>

#include <algorithm>
#include <iterator>

#include "command_line.hpp"
#include "file_system.hpp"

namespace safe_docker::audit {
namespace {

using policy::Finding;

constexpr std::string_view kPower = "it would give the container, or whoever starts it, power over the host";
constexpr std::string_view kJudge = "safe-docker could then be switched off, or not see what runs";
constexpr std::string_view kNotKnown =
    "what it will be is only known when the command runs, so an exception would excuse anything";
constexpr std::string_view kBroken = "what cannot be read cannot be judged: the file has to be mended";
constexpr std::string_view kSystem = "these are the system's own files, or hold those of everybody";
constexpr std::string_view kWrittenWrong = "the command is what has to change";

// Rules, or all of a plugin's ("host/*"), that no exception is suggested for.
struct Refusal {
  std::string_view rule;
  std::string_view why;
};
constexpr Refusal kRefusals[] = {
    {"bake/*", kBroken},
    {"compose/*", kBroken},
    {"devcontainer/*", kBroken},
    {"flags/api-socket", kPower},
    {"flags/blocked-flag", "the configuration forbids this option by name; take it off blocked_flags if that is wrong"},
    {"flags/builder", kPower},
    {"flags/capability", kPower},
    {"flags/cgroup-parent", kPower},
    {"flags/checkpoint", kPower},
    {"flags/cli-plugin", kPower},
    {"flags/client-config", kPower},
    {"flags/container-namespace", "the other container's processes and connections could be touched"},
    {"flags/engine-change", "it decides what every later command does"},
    {"flags/engine-plugin", kPower},
    {"flags/foreign-code", "code from elsewhere runs on the host, and may be another every time"},
    {"flags/host-namespace", kPower},
    {"flags/kernel-sysctl", kPower},
    {"flags/login-password", kWrittenWrong},
    {"flags/other-security-option", kPower},
    {"flags/privileged", kPower},
    {"flags/raw-device", kPower},
    {"flags/raw-engine", kPower},
    {"flags/raw-engine-opaque", kPower},
    {"flags/seccomp-profile", kPower},
    {"flags/security-option", kPower},
    {"flags/swarm", kPower},
    {"flags/unresolved", kNotKnown},
    {"flags/wiped-folder", "what lies there would be lost"},
    {"host/*", kJudge},
    {"images/invalid-image", kWrittenWrong},
    {"images/unnamed-image", "an id does not say where the image comes from: name it"},
    {"images/unresolved", kNotKnown},
    {"kube/*", kBroken},
    {"mounts/client-takeover", kPower},
    {"mounts/engine-socket", kPower},
    {"mounts/shared-propagation", kPower},
    {"mounts/unresolved", kNotKnown},
};

// What an exception for a rule is about. A rule that is not here is excused by value, doubtfully.
struct Permission {
  std::string_view rule;
  MatchField field;
  Excuse::Kind kind;
  std::string_view risk;
};
constexpr Permission kPermissions[] = {
    {"destroy/data", MatchField::kValue, Excuse::Kind::kDoubtful,
     "what is stored there is lost, and cannot be made again"},
    {"destroy/everything", MatchField::kValue, Excuse::Kind::kDoubtful,
     "it reaches beyond this project, to every user of the engine"},
    {"destroy/object", MatchField::kValue, Excuse::Kind::kSafe, "somebody may still need it"},
    {"flags/device", MatchField::kValue, Excuse::Kind::kDoubtful,
     "the device's driver can be attacked from the container"},
    {"flags/gpu", MatchField::kValue, Excuse::Kind::kDoubtful, "the driver can be attacked from the container"},
    {"flags/metadata-host", MatchField::kValue, Excuse::Kind::kDoubtful, "the machine's credentials can be read there"},
    {"flags/other-capability", MatchField::kValue, Excuse::Kind::kDoubtful, "it is a part of root's power"},
    {"flags/other-engine", MatchField::kValue, Excuse::Kind::kDoubtful,
     "containers and data of another machine are reached"},
    {"flags/runtime", MatchField::kValue, Excuse::Kind::kDoubtful, "the engine runs that program as root"},
    {"flags/sysctl", MatchField::kValue, Excuse::Kind::kDoubtful, "with the host's network it holds for the host"},
    {"flags/volumes-from", MatchField::kValue, Excuse::Kind::kDoubtful,
     "host paths and sockets may be among the mounts"},
    {"images/not-allowed", MatchField::kImage, Excuse::Kind::kSafe, "an image is code from whoever publishes it"},
    {"mounts/other-socket", MatchField::kPath, Excuse::Kind::kDoubtful, "an engine may answer there"},
    {"mounts/outside-home", MatchField::kPath, Excuse::Kind::kSafe,
     "the container can read and change what lies there"},
    {"mounts/remote-path", MatchField::kPath, Excuse::Kind::kDoubtful, "nobody here can see what lies there"},
    {"mounts/sensitive-path", MatchField::kPath, Excuse::Kind::kDoubtful,
     "what runs in the container can carry the secrets there away"},
};

constexpr std::string_view kSystemFolders[] = {
    "/bin",  "/boot", "/dev", "/etc",     "/lib",     "/lib32",   "/lib64",  "/proc",        "/root",       "/run",
    "/sbin", "/sys",  "/usr", "/var/lib", "/var/run", "/Library", "/System", "/private/etc", "/private/var"};

// Not what is below them, but they themselves: everybody's.
constexpr std::string_view kHolders[] = {"/",    "/Users",   "/Volumes", "/home", "/media",
                                         "/mnt", "/private", "/tmp",     "/var"};

bool IsMeant(std::string_view pattern, std::string_view rule) {
  return pattern.ends_with("/*") ? rule.starts_with(pattern.substr(0, pattern.size() - 1)) : rule == pattern;
}

// Power over the host is not only what our own rules call so: others look at the same effects.
bool IsPower(const policy::Subject& about) {
  constexpr std::uint32_t kKinds[] = {SDP_EFFECT_UNKNOWN,    SDP_EFFECT_PRIVILEGED,     SDP_EFFECT_CGROUP_PARENT,
                                      SDP_EFFECT_RUN_CODE,   SDP_EFFECT_USE_API_SOCKET, SDP_EFFECT_CHANGE_ENGINE,
                                      SDP_EFFECT_RAW_ENGINE, SDP_EFFECT_SECURITY_OPTION};
  constexpr std::string_view kCapabilities[] = {
      "ALL",       "AUDIT_CONTROL", "BPF",    "CHECKPOINT_RESTORE", "DAC_READ_SEARCH", "MAC_ADMIN",  "MAC_OVERRIDE",
      "NET_ADMIN", "PERFMON",       "SYSLOG", "SYS_ADMIN",          "SYS_BOOT",        "SYS_MODULE", "SYS_PTRACE",
      "SYS_RAWIO", "SYS_TIME"};
  const bool is_kind = std::find(std::begin(kKinds), std::end(kKinds), about.kind) != std::end(kKinds);
  const bool joins_host = about.kind == SDP_EFFECT_JOIN_NAMESPACE &&
                          (about.value.ends_with("=host") || about.value.find("=container:") != std::string::npos);
  const bool is_strong =
      about.kind == SDP_EFFECT_ADD_CAPABILITY &&
      std::find(std::begin(kCapabilities), std::end(kCapabilities), about.value) != std::end(kCapabilities);
  return is_kind || joins_host || is_strong;
}

bool IsSystemPath(std::string_view path, const UserPlaces& places) {
  const bool holds_the_user = path == places.home || IsWithin(places.home, path) ||
                              (!places.project.empty() && path != places.project && IsWithin(places.project, path));
  const bool holds_all = std::find(std::begin(kHolders), std::end(kHolders), path) != std::end(kHolders);
  return holds_all || (holds_the_user && !places.home.empty()) ||
         std::any_of(std::begin(kSystemFolders), std::end(kSystemFolders),
                     [path](std::string_view folder) { return IsWithin(path, folder); });
}

Excuse Refuse(std::string_view why) {
  Excuse excuse;
  excuse.refusal = why;
  return excuse;
}

// False for characters that a terminal obeys or that change the direction of writing, and for other invisible ones.
bool IsPlain(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    const bool is_mark = byte == 0xE2 && (next == 0x80 || next == 0x81);  // U+2000 to U+207F
    if (byte < 0x20 || byte == 0x7F || (byte == 0xC2 && next < 0xA0) || is_mark || (byte == 0xD8 && next == 0x9C)) {
      return false;
    }
  }
  return true;
}

std::string MatchOf(const policy::Subject& about, MatchField field) {
  switch (field) {
    case MatchField::kPath:
      return about.path;
    case MatchField::kImage:
      return std::string(plugin::ImageRepository(about.image));
    case MatchField::kValue:
      break;
  }
  return about.value;
}

}  // namespace

std::string_view Name(MatchField field) {
  constexpr std::string_view kNames[] = {"path", "image", "value"};
  return kNames[static_cast<std::size_t>(field)];
}

Excuse FindExcuse(const Finding& finding, const UserPlaces& places) {
  const auto* refusal = std::find_if(std::begin(kRefusals), std::end(kRefusals),
                                     [&finding](const Refusal& each) { return IsMeant(each.rule, finding.rule); });
  if (refusal != std::end(kRefusals)) {
    return Refuse(refusal->why);
  }
  if (IsPower(finding.about)) {
    return Refuse(kPower);
  }
  const auto* permission = std::find_if(std::begin(kPermissions), std::end(kPermissions),
                                        [&finding](const Permission& each) { return each.rule == finding.rule; });
  Excuse excuse;
  if (permission != std::end(kPermissions)) {
    excuse.kind = permission->kind;
    excuse.field = permission->field;
    excuse.risk = permission->risk;
  } else {
    excuse.risk = "safe-docker knows nothing of this rule: look up what it protects from";
  }
  excuse.match = MatchOf(finding.about, excuse.field);
  if (excuse.match.empty() || !IsKnown(excuse.match) || finding.about.kind == 0) {
    return Refuse(kNotKnown);
  }
  if (!IsPlain(excuse.match)) {
    return Refuse("there are characters in it that nobody can see");
  }
  if (excuse.match.find('*') != std::string::npos) {
    return Refuse("there is a '*' in it, which would match more than that");
  }
  const bool is_path =
      finding.about.kind >= SDP_EFFECT_MOUNT_HOST_PATH && finding.about.kind <= SDP_EFFECT_DELETE_HOST_PATH;
  if (is_path && (finding.about.path.empty() || IsSystemPath(finding.about.path, places))) {
    return Refuse(finding.about.path.empty() ? kNotKnown : kSystem);
  }
  return excuse;
}

bool MayGeneralise(std::string_view folder, const UserPlaces& places) {
  const bool is_deep = std::count(folder.begin(), folder.end(), '/') >= 2;  // a first folder may hold anything
  return is_deep && !IsSystemPath(folder, places) && !IsWithin(places.home, folder);
}

}  // namespace safe_docker::audit
