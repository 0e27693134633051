// What -v, --mount and the local volume driver bring into a container. The grammars are those of docker/cli
// (opts/mount.go, cli/compose/loader/volume.go) and of the engine, which decides in the end: a guard must judge what
// happens, not what the client thinks.
#include <array>

#include "docker/arguments.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

bool IsLetter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

// The parts of a volume specification. A colon after a single letter at the start of a part belongs to a drive.
std::vector<std::string_view> SplitVolume(std::string_view value) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= value.size(); ++at) {
    const bool is_drive = at == start + 1 && IsLetter(value[start]);
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
  if (HasOption(options, "ro")) {
    effect.flags |= SDP_EFFECT_READ_ONLY;
  }
  ResolveEffectPath(source, base, *request, &effect);
  request->effects.push_back(std::move(effect));
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
  bool read_only = false;
  std::string driver;
  std::string volume_type, volume_options, volume_device;
  bool has_volume_options = false;
};

// The options as -v would have them.
std::string OptionsOf(const MountFields& mount) {
  const std::string_view separator = mount.read_only && !mount.propagation.empty() ? "," : "";
  return (mount.read_only ? "ro" : "") + std::string(separator) + mount.propagation;
}

// Takes one field; false if docker does not know it.
bool TakeMountField(const KeyValue& field, MountFields* mount) {
  constexpr std::array<std::string_view, 10> kHarmless = {
      "consistency",   "bind-recursive", "bind-nonrecursive", "bind-create-src", "volume-subpath",
      "volume-nocopy", "volume-label",   "image-subpath",     "tmpfs-size",      "tmpfs-mode"};
  const std::string_view key = field.key;
  if (key == "type") {
    mount->type = ToLower(field.value);
  } else if (key == "source" || key == "src") {
    mount->source = field.value;
  } else if (key == "target" || key == "dst" || key == "destination") {
    mount->target = field.value;
  } else if (key == "readonly" || key == "ro") {
    mount->read_only = !field.has_value || ParseBool(field.value).value_or(false);
  } else if (key == "bind-propagation") {
    mount->propagation = ToLower(field.value);
  } else if (key == "volume-driver") {
    mount->driver = field.value;
  } else if (key == "volume-opt") {
    mount->has_volume_options = true;
    const std::size_t equals = field.value.find('=');
    const std::string_view name = std::string_view(field.value).substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : field.value.substr(equals + 1);
    if (name == "type") {
      mount->volume_type = value;
    } else if (name == "o") {
      mount->volume_options = value;
    } else if (name == "device") {
      mount->volume_device = value;
    } else {
      return name == "size";
    }
  } else {
    for (const std::string_view harmless : kHarmless) {
      if (key == harmless) {
        return true;
      }
    }
    return false;
  }
  return true;
}

}  // namespace

bool AddVolume(std::string_view value, const Evidence& evidence, Request* request) {
  const std::vector<std::string_view> parts = SplitVolume(value);
  const std::string_view source = parts[0];
  const bool is_path = !source.empty() && (source[0] == '/' || source[0] == '.' || source[0] == '~');
  if (!source.empty() && source[0] == kUnknownPart) {
    AddHostMount(source, request->cwd, "", "", "bind", evidence, request);
    return true;
  }
  if (parts.size() == 1 && is_path && !IsKnown(source)) {
    AddHostMount(source, request->cwd, "", "", "bind", evidence, request);
    return true;
  }
  if (parts.size() == 1) {
    AddVolumeUse("", "", source, evidence, request);
    return !source.empty();
  }
  if (source.empty() || parts[1].empty() || parts.size() > 3) {
    AddUnknown("a volume that docker would refuse", "its parts are SOURCE:TARGET[:OPTIONS]", evidence, request);
    return false;
  }
  const std::string_view options = parts.size() == 3 ? parts[2] : std::string_view{};
  if (!is_path) {
    AddVolumeUse(source, "", parts[1], evidence, request);
    return true;
  }
  // docker itself does not expand "~"; podman, compose and a shell that was quoted once too often do.
  const std::string expanded =
      source == "~" || source.starts_with("~/") ? request->home + std::string(source.substr(1)) : std::string(source);
  AddHostMount(expanded, request->cwd, parts[1], options, "bind", evidence, request);
  return true;
}

bool AddMount(std::string_view value, const Evidence& evidence, Request* request) {
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(Trim(value));
  if (!IsKnown(value) || !fields) {
    if (IsKnown(value)) {
      AddUnknown("a --mount that docker would refuse", "it is no valid list of KEY=VALUE", evidence, request);
      return false;
    }
    AddHostMount(value, request->cwd, "", "", "bind", evidence, request);
    return true;
  }
  MountFields mount;
  for (const KeyValue& field : *fields) {
    if (!TakeMountField(field, &mount)) {
      AddUnknown("the field '" + field.key + "' of --mount", "it may mean access to the host", evidence, request);
      return false;
    }
  }
  const std::string options = OptionsOf(mount);
  if (mount.type == "tmpfs") {
    return true;
  }
  if (mount.type == "image") {
    AddImage(mount.source, "mount", evidence, request);
    return true;
  }
  if (mount.type == "volume" || mount.type == "cluster") {
    if (!mount.driver.empty()) {
      AddVolumeDriver(mount.driver, evidence, request);
    }
    if (mount.has_volume_options) {
      AddVolumeDriverOptions(mount.volume_type, mount.volume_options, mount.volume_device, mount.target, evidence,
                             request);
    }
    if (mount.source.starts_with('/') || mount.source.starts_with('.')) {
      AddHostMount(mount.source, request->cwd, mount.target, options, "bind", evidence, request);
    } else {
      AddVolumeUse(mount.source, mount.driver, mount.target, evidence, request);
    }
    return true;
  }
  if (mount.type == "bind" || mount.type == "npipe") {
    AddHostMount(mount.source, request->cwd, mount.target, options, mount.type, evidence, request);
    return true;
  }
  AddUnknown("a mount of type '" + mount.type + "'", "it may mean access to the host", evidence, request);
  return false;
}

void AddVolumeDriverOptions(std::string_view type, std::string_view options, std::string_view device,
                            std::string_view target, const Evidence& evidence, Request* request) {
  // The local driver calls mount(2) as root with these, so "bind" in the options binds whatever type is named.
  const bool binds = HasOption(options, "bind") || HasOption(options, "rbind");
  if (!binds && (type.empty() || type == "tmpfs") && (device.empty() || device == "tmpfs") &&
      !HasOption(options, "remount")) {
    return;
  }
  bool is_host = false;
  for (const std::string_view key : {"lowerdir", "upperdir", "workdir"}) {
    std::string_view folders = OptionValue(options, key);
    while (!folders.empty()) {
      const std::size_t colon = folders.find(':');
      AddHostMount(folders.substr(0, colon), "/", target, options, "overlay", evidence, request);
      folders = colon == std::string_view::npos ? std::string_view{} : folders.substr(colon + 1);
      is_host = true;
    }
  }
  if (binds || device.starts_with('/') || !IsKnown(device)) {
    // The engine resolves it, and its own working folder is the root.
    AddHostMount(device, "/", target, options, "device", evidence, request);
    is_host = true;
  }
  if (!is_host) {
    AddUnknown("a volume made by mounting '" + std::string(device) + "' as type '" + std::string(type) + "'",
               "the engine mounts it as root", evidence, request);
  }
}

}  // namespace safe_docker::docker
