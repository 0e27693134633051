// What -v, --mount and the local volume driver bring into a container. The grammars are those of docker/cli
// (opts/mount.go, cli/compose/loader/volume.go) and of the engine, whose reading is the one that counts.
#include <algorithm>
#include <iterator>

#include "docker/arguments.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "docker/programs.hpp"
#include "docker/value_text.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

bool IsLetter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

// The parts of a volume specification. Where there are drives, a colon after a single letter at the start of a part
// belongs to one.
std::vector<std::string_view> SplitVolume(std::string_view value, bool has_drives) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= value.size(); ++at) {
    const bool is_drive = has_drives && at == start + 1 && IsLetter(value[start]);
    if (at == value.size() || (value[at] == ':' && !is_drive)) {
      parts.push_back(value.substr(start, at - start));
      start = at + 1;
    }
  }
  return parts;
}

bool HasOption(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    const std::size_t comma = options.find(',');
    if (options.substr(0, comma) == wanted) {
      return true;
    }
    options = comma == std::string_view::npos ? std::string_view{} : options.substr(comma + 1);
  }
  return false;
}

// The value of `key=` in a comma list; empty if it is not there.
std::string_view OptionValue(std::string_view options, std::string_view key) {
  while (!options.empty()) {
    const std::size_t comma = options.find(',');
    const std::string_view option = options.substr(0, comma);
    if (option.size() > key.size() && option.starts_with(key) && option[key.size()] == '=') {
      return option.substr(key.size() + 1);
    }
    options = comma == std::string_view::npos ? std::string_view{} : options.substr(comma + 1);
  }
  return {};
}

void AddHostMount(std::string_view source, std::string_view base, std::string_view target, std::string_view options,
                  std::string_view name, const Evidence& evidence, Request* request) {
  Effect effect;
  effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  effect.name = name;
  effect.target = target;
  effect.options = options;
  effect.evidence = evidence;
  // podman's U gives all that lies there to another owner first.
  if (HasOption(options, "ro") && !HasOption(options, "U")) {
    effect.flags |= SDP_EFFECT_READ_ONLY;
  }
  ResolveEffectPath(source, base, *request, &effect);
  request->effects.push_back(std::move(effect));
}

// A path that goes to mount(2) as it stands: behind a link ".." may lead elsewhere than the text says. The engine's own
// working folder is the root.
void AddKernelMount(std::string_view path, std::string_view target, std::string_view options, std::string_view name,
                    const Evidence& evidence, Request* request) {
  AddHostMount(path, "/", target, options, name, evidence, request);
  const Effect& effect = request->effects.back();
  if (effect.resolved.empty() || path.find("..") == std::string_view::npos) {
    return;
  }
  const ResolvedPath opened = request->paths->ResolveAsOpened(path, "/");
  if (opened.resolved != effect.resolved || !opened.complete) {
    Effect other = effect;
    other.resolved = opened.resolved;
    other.flags |= opened.complete ? 0U : static_cast<std::uint32_t>(SDP_EFFECT_UNRESOLVED);
    request->effects.push_back(std::move(other));
  }
}

void AddVolumeUse(std::string_view volume, std::string_view driver, std::string_view target, const Evidence& evidence,
                  Request* request) {
  AddEffect(SDP_EFFECT_USE_VOLUME, volume, driver, evidence, request);
  request->effects.back().target = target;
}

// Everything that --mount said, the last of each key.
struct MountFields {
  std::string type = "volume";
  std::string source;
  std::string target;
  std::string propagation;
  std::string recursive;
  bool read_only = false;
  bool changes_owner = false;  // of all that the source holds, read-only or not
  std::string driver;
  std::string volume_type, volume_options, volume_device;
  bool has_volume_options = false;
  std::string strange_option;     // of the volume driver
  std::string_view family;        // "bind-", "volume-", ... of the last key that only one type of mount takes
  bool has_two_families = false;  // which no mount takes
};

// The options as -v would have them.
std::string OptionsOf(const MountFields& mount) {
  std::string options;
  for (const std::string_view option :
       {std::string_view(mount.read_only ? "ro" : ""), std::string_view(mount.propagation),
        std::string_view(mount.changes_owner ? "U" : "")}) {
    options += (options.empty() || option.empty() ? "" : ",") + std::string(option);
  }
  return options;
}

bool IsAnything(std::string_view) { return true; }
bool IsBool(std::string_view value) { return ParseBool(value).has_value(); }
bool IsOctal(std::string_view value) {
  return !value.empty() && value.size() <= 10 && value.find_first_not_of("01234567") == std::string_view::npos;
}
bool IsRecursion(std::string_view value) {
  return value == "enabled" || value == "disabled" || value == "writable" || value == "readonly";
}

// A key of --mount, what its value has to look like, and whether it may stand without one.
struct MountKey {
  std::string_view name;
  bool (*is_valid)(std::string_view value);
  bool needs_value;
};
constexpr MountKey kMountKeys[] = {
    {"type", &IsAnything, true},
    {"source", &IsAnything, true},
    {"src", &IsAnything, true},
    {"target", &IsAnything, true},
    {"dst", &IsAnything, true},
    {"destination", &IsAnything, true},
    {"consistency", &IsAnything, true},
    {"readonly", &IsBool, false},
    {"ro", &IsBool, false},
    {"bind-propagation", &IsAnything, true},
    {"bind-recursive", &IsRecursion, true},
    {"bind-nonrecursive", &IsBool, false},
    {"bind-create-src", &IsBool, false},
    {"volume-subpath", &IsAnything, true},
    {"volume-nocopy", &IsBool, false},
    {"volume-label", &IsAnything, true},
    {"volume-driver", &IsAnything, true},
    {"volume-opt", &IsAnything, true},
    {"image-subpath", &IsAnything, true},
    {"tmpfs-size", &IsByteSize, true},
    {"tmpfs-mode", &IsOctal, true},
};

// Keys that only podman has, or nerdctl (rro). None of them brings in more than the source does.
bool IsOthersKey(std::string_view name, const Request& request) {
  constexpr std::string_view kKeys[] = {
      "relabel",   "z",           "idmap", "u",    "chown", "rw",     "no-dereference", "subpath",
      "tmpcopyup", "notmpcopyup", "size",  "mode", "exec",  "noexec", "suid",           "nosuid",
      "dev",       "nodev",       "uid",   "gid",  "max",   "title",  "digest"};
  const Dialect dialect = FindProgram(request.program).dialect;
  return (dialect == Dialect::kNerdctl && name == "rro") ||
         (dialect == Dialect::kPodman && std::find(std::begin(kKeys), std::end(kKeys), name) != std::end(kKeys));
}

const MountKey* FindMountKey(std::string_view name) {
  const auto* found = std::find_if(std::begin(kMountKeys), std::end(kMountKeys),
                                   [name](const MountKey& key) { return key.name == name; });
  return found != std::end(kMountKeys) ? found : nullptr;
}

// Adds an unknown effect if docker would refuse the field, as far as the field alone tells.
bool CheckMountField(const KeyValue& field, const Evidence& evidence, Request* request) {
  if (IsOthersKey(field.key, *request)) {
    return true;
  }
  const MountKey* key = FindMountKey(field.key);
  if (key == nullptr) {
    AddUnknown("the field '" + field.key + "' of --mount", "it may mean access to the host", evidence, request);
    return false;
  }
  if (field.has_value ? !key->is_valid(field.value) : key->needs_value) {
    return Refuse("the field '" + field.key + "' of --mount takes another value", evidence, request);
  }
  return true;
}

void TakeVolumeOption(std::string_view option, MountFields* mount) {
  mount->has_volume_options = true;
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const std::string_view value = option.substr(equals + 1);
  if (name == "type") {
    mount->volume_type = value;
  } else if (name == "o") {
    mount->volume_options = value;
  } else if (name == "device") {
    mount->volume_device = value;
  } else if (name != "size") {
    mount->strange_option = name;
  }
}

void TakeMountField(const KeyValue& field, MountFields* mount) {
  const std::string_view key = field.key;
  if (const std::size_t dash = key.find('-'); dash != std::string_view::npos) {
    const std::string_view family = key.substr(0, dash + 1);
    mount->has_two_families = mount->has_two_families || (!mount->family.empty() && mount->family != family);
    mount->family = family;
  }
  if (key == "type") {
    mount->type = ToLower(field.value);
  } else if (key == "source" || key == "src") {
    mount->source = field.value;
  } else if (key == "target" || key == "dst" || key == "destination") {
    mount->target = field.value;
  } else if (key == "readonly" || key == "ro" || key == "rro") {
    mount->read_only = !field.has_value || ParseBool(field.value).value_or(false);
  } else if (key == "bind-propagation") {
    mount->propagation = ToLower(field.value);
  } else if (key == "bind-recursive") {
    mount->recursive = field.value;
  } else if (key == "u" || key == "chown") {
    mount->changes_owner = !field.has_value || ParseBool(field.value).value_or(true);
  } else if (key == "volume-driver") {
    mount->driver = field.value;
  } else if (key == "volume-opt") {
    TakeVolumeOption(field.value, mount);
  }
}

// Why docker would refuse the fields together; empty if it would not. Newer clients leave a missing target to the
// engine, which refuses it.
std::string_view RefusalOf(const MountFields& mount) {
  if (mount.type.empty()) {
    return "its type is empty";
  }
  if (mount.has_two_families || (!mount.family.empty() && !(mount.type + "-").starts_with(mount.family))) {
    return "it mixes options of several types of mount";
  }
  if (mount.target.empty()) {
    return "it has no target";
  }
  if ((mount.recursive == "readonly" && mount.propagation != "rprivate") ||
      ((mount.recursive == "readonly" || mount.recursive == "writable") && !mount.read_only)) {
    return "its bind-recursive goes with readonly, and with bind-propagation=rprivate";
  }
  return {};
}

// What a mount of a volume with a driver and its options of its own brings in.
void AddVolumeMount(const MountFields& mount, const Evidence& evidence, Request* request) {
  if (!mount.driver.empty()) {
    AddVolumeDriver(mount.driver, evidence, request);
  }
  if (mount.has_volume_options) {
    AddVolumeDriverOptions(mount.volume_type, mount.volume_options, mount.volume_device, mount.target, evidence,
                           request);
  }
  if (!mount.strange_option.empty()) {
    AddUnknown("the volume option '" + mount.strange_option + "'", "the volume driver runs as root", evidence, request);
  }
  if (mount.source.starts_with('/') || mount.source.starts_with('.')) {
    AddHostMount(mount.source, request->cwd, mount.target, OptionsOf(mount), "bind", evidence, request);
  } else {
    AddVolumeUse(mount.source, mount.driver, mount.target, evidence, request);
  }
}

}  // namespace

bool AddVolume(std::string_view value, const Evidence& evidence, Request* request) {
  // The client takes so short a text for the path of an anonymous volume, whatever stands in it.
  constexpr std::size_t kShortest = 2;
  const Dialect dialect = FindProgram(request->program).dialect;
  const std::vector<std::string_view> parts = value.size() <= kShortest
                                                  ? std::vector<std::string_view>{value}
                                                  : SplitVolume(value, dialect != Dialect::kPodman);
  const std::string_view source = parts[0];
  // nerdctl takes every source with a slash for a path; the others refuse one that does not begin like a path.
  const bool has_slash = source.find('/') != std::string_view::npos && dialect == Dialect::kNerdctl;
  const bool is_path = !source.empty() && (source[0] == '/' || source[0] == '.' || source[0] == '~' || has_slash);
  if (!source.empty() && source[0] == kUnknownPart) {
    AddHostMount(source, request->cwd, "", "", "bind", evidence, request);
    return true;
  }
  if (parts.size() == 1 && is_path && !IsKnown(source)) {
    AddHostMount(source, request->cwd, "", "", "bind", evidence, request);
    return true;
  }
  if (parts.size() == 1 && !source.empty()) {
    AddVolumeUse("", "", source, evidence, request);
    return true;
  }
  const bool has_empty_part =
      std::any_of(parts.begin(), parts.end(), [](std::string_view part) { return part.empty(); });
  if (has_empty_part || parts.size() > 3) {
    return Refuse("a volume is SOURCE:TARGET[:OPTIONS]", evidence, request);
  }
  const std::string_view options = parts.size() == 3 ? parts[2] : std::string_view{};
  if (dialect == Dialect::kPodman) {
    // What an overlay's container writes ends up in these.
    for (const std::string_view key : {"upperdir", "workdir"}) {
      if (const std::string_view folder = OptionValue(options, key); !folder.empty()) {
        AddHostMount(folder, request->cwd, parts[1], "", "overlay", evidence, request);
      }
    }
  }
  if (!is_path) {
    AddVolumeUse(source, "", parts[1], evidence, request);
    request->effects.back().flags |= IsKnown(options) ? 0U : static_cast<std::uint32_t>(SDP_EFFECT_UNRESOLVED);
    return true;
  }
  // docker itself does not expand "~"; podman, compose and a shell that was quoted once too often do.
  const std::string home = request->home.empty() ? std::string(1, kUnknownPart) : request->home;
  const std::string expanded =
      source == "~" || source.starts_with("~/") ? home + std::string(source.substr(1)) : std::string(source);
  AddHostMount(expanded, request->cwd, parts[1], options, "bind", evidence, request);
  return true;
}

bool AddMount(std::string_view value, const Evidence& evidence, Request* request) {
  if (!IsKnown(value)) {
    AddHostMount(value, request->cwd, "", "", "bind", evidence, request);
    return true;
  }
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(Trim(value));
  if (!fields) {
    return Refuse("--mount takes a list of KEY=VALUE", evidence, request);
  }
  MountFields mount;
  for (const KeyValue& field : *fields) {
    if (!CheckMountField(field, evidence, request)) {
      return false;
    }
    TakeMountField(field, &mount);
  }
  if (const std::string_view refusal = RefusalOf(mount); !refusal.empty()) {
    return Refuse("a --mount is refused if " + std::string(refusal), evidence, request);
  }
  const bool is_podman = FindProgram(request->program).dialect == Dialect::kPodman;
  if (mount.type == "tmpfs" || (is_podman && (mount.type == "ramfs" || mount.type == "devpts"))) {
    return true;
  }
  if (mount.type == "image" || (is_podman && mount.type == "artifact")) {
    AddImage(mount.source, "mount", evidence, request);
    return true;
  }
  if (mount.type == "volume" || mount.type == "cluster") {
    AddVolumeMount(mount, evidence, request);
    return true;
  }
  if (mount.type == "bind" || mount.type == "npipe" || (is_podman && mount.type == "glob")) {
    AddHostMount(mount.source, request->cwd, mount.target, OptionsOf(mount), mount.type, evidence, request);
    return true;
  }
  AddUnknown("a mount of type '" + mount.type + "'", "it may mean access to the host", evidence, request);
  return false;
}

void AddVolumeDriverOptions(std::string_view type, std::string_view options, std::string_view device,
                            std::string_view target, const Evidence& evidence, Request* request) {
  // The local driver calls mount(2) as root with these, so "bind" in the options binds whatever type is named.
  const bool binds = HasOption(options, "bind") || HasOption(options, "rbind");
  if (!binds && IsKnown(options) && IsKnown(type) && (type.empty() || type == "tmpfs") &&
      (device.empty() || device == "tmpfs") && !HasOption(options, "remount")) {
    return;
  }
  bool is_host = false;
  for (const std::string_view key : {"lowerdir", "upperdir", "workdir"}) {
    std::string_view folders = OptionValue(options, key);
    while (!folders.empty()) {
      const std::size_t colon = folders.find(':');
      AddKernelMount(folders.substr(0, colon), target, options, "overlay", evidence, request);
      folders = colon == std::string_view::npos ? std::string_view{} : folders.substr(colon + 1);
      is_host = true;
    }
  }
  // "//server/share" of a network's file system is no folder of this host.
  const bool is_share = device.starts_with("//") && (type == "cifs" || type == "smb3" || type == "smbfs");
  if (binds || (device.starts_with('/') && !is_share) || !IsKnown(device)) {
    // The engine resolves it, and its own working folder is the root.
    AddKernelMount(device, target, options, "device", evidence, request);
    is_host = true;
  }
  if (!is_host) {
    AddUnknown("a volume made by mounting '" + std::string(device) + "' as type '" + std::string(type) + "'",
               "the engine mounts it as root", evidence, request);
  }
}

}  // namespace safe_docker::docker
