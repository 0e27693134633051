// Volumes in both syntaxes, the top-level volumes behind them, configs and secrets.
#include <algorithm>
#include <string>
#include <vector>

#include "fields.hpp"
#include "paths.hpp"
#include "volume_spec.hpp"

namespace safe_docker::compose {
namespace {

// A field of a CSV record, quoted where it must be.
void AppendField(std::string& record, std::string_view key, std::string_view value) {
  if (!record.empty()) {
    record += ',';
  }
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
    record += key;
    record += '=';
    record += value;
    return;
  }
  record += '"';
  record += key;
  record += '=';
  for (const char byte : value) {
    record += byte;
    if (byte == '"') {
      record += '"';
    }
  }
  record += '"';
}

// ---- Top-level volumes ---------------------------------------------------------------------------------------------

struct FileSystem {
  std::string_view type;
  std::string_view path;  // what of the host it shows
};
constexpr FileSystem kFileSystems[] = {
    {"proc", "/proc"},
    {"sysfs", "/sys"},
    {"devtmpfs", "/dev"},
    {"cgroup", "/sys/fs/cgroup"},
    {"cgroup2", "/sys/fs/cgroup"},
    {"debugfs", "/sys/kernel/debug"},
    {"tracefs", "/sys/kernel/tracing"},
    {"securityfs", "/sys/kernel/security"},
};
// Their device is the address of a server: "//server/share".
constexpr std::string_view kShares[] = {"cifs", "smb3", "smbfs"};
constexpr std::string_view kOverlayPaths[] = {"lowerdir=", "upperdir=", "workdir=", "lowerdir+=", "datadir+="};

class TopLevelVolume {
 public:
  TopLevelVolume(const ServiceContext& context, const Entry& volume, std::string_view target)
      : context_(context), volume_(volume), target_(target) {}

  void Write() {
    WriteName();
    const Entry* options = Find(*volume_.value, "driver_opts");
    if (options == nullptr) {
      return;
    }
    if (!options->value->IsMap()) {
      FailMalformed(options->value->source->path, options->line, options->column,
                    "volumes." + std::string(volume_.key) + ".driver_opts must be a mapping");
    }
    const Node* driver = FindNode(*volume_.value, "driver");
    driver_ = driver == nullptr ? std::string_view{} : driver->text;
    driver_.empty() || driver_ == "local" ? WriteLocal(*options) : WriteForeign(*options);
  }

 private:
  void Mount(const Entry& entry, std::string_view path, std::string_view name = "driver_opts") {
    context_.out.Effect({name, entry}, SDP_EFFECT_MOUNT_HOST_PATH,
                        {path, "driver_opts", target_, FindText(*volume_.value, "driver_opts", "o")});
  }

  static std::string_view FindText(const Node& map, std::string_view section, std::string_view key) {
    const Node* inner = FindNode(map, section);
    const Node* value = inner == nullptr ? nullptr : FindNode(*inner, key);
    return value == nullptr ? std::string_view{} : value->text;
  }

  // A name that is a path would be a bind mount for the engine.
  void WriteName() {
    const Node* external = FindNode(*volume_.value, "external");
    const Entry* name = Find(*volume_.value, "name");
    if (name == nullptr && external != nullptr) {
      name = Find(*external, "name");
    }
    if (name == nullptr) {
      return;
    }
    const std::string_view text = name->value->text;
    if (!plugin::IsKnown(text)) {
      context_.out.Unknown({"name", *name}, "the name of this volume is not known, and could be a path of the host");
    } else if (!text.empty() && std::string_view("/.~\\").find(text.front()) != std::string_view::npos) {
      context_.out.Effect(
          {"name", *name}, SDP_EFFECT_MOUNT_HOST_PATH,
          {AbsolutePathWithHome(text, name->value->source->folder, context_.out.home()), "volume name", target_});
    }
  }

  void WriteLocal(const Entry& options) {
    const Entry* device = Find(*options.value, "device");
    const std::string_view type = FindText(*volume_.value, "driver_opts", "type");
    const std::string_view flags = FindText(*volume_.value, "driver_opts", "o");
    if (!plugin::IsKnown(type) || !plugin::IsKnown(flags)) {
      context_.out.Unknown({"driver_opts", options}, "what this volume mounts depends on a variable that is not known");
    }
    bool is_bind = false;
    for (const std::string_view flag : SplitOptions(flags, ',')) {
      is_bind = is_bind || flag == "bind" || flag == "rbind" || flag == "move" || flag == "remount";
      WriteOverlay(options, flag);
    }
    const auto* known = std::ranges::find(kFileSystems, type, &FileSystem::type);
    if (is_bind || type.empty() || type == "none") {
      if (device != nullptr && !device->value->text.empty()) {
        Mount(*device, DevicePath(*device, flags), "device");
      }
    } else if (known != std::end(kFileSystems)) {
      Mount(options, known->path);
    } else if (device != nullptr && type != "tmpfs" && IsOfHost(type, device->value->text)) {
      Mount(*device, EnginePath(device->value->text), "device");
    } else if (type != "overlay" && type != "tmpfs") {
      context_.out.Unknown({"driver_opts", options}, "the engine mounts this file system as root");
    }
  }

  static bool IsOfHost(std::string_view type, std::string_view device) {
    const bool is_share = device.starts_with("//") && std::ranges::find(kShares, type) != std::end(kShares);
    return (device.starts_with('/') && !is_share) || !plugin::IsKnown(device);
  }

  // What the engine opens itself, whose working directory is the root.
  static std::string EnginePath(std::string_view path) {
    const bool is_anchored = path.starts_with('/') || path.starts_with('\0');
    return OpenedPath(is_anchored ? std::string(path) : '/' + std::string(path), "/");
  }

  // compose counts a relative device from the project only for a plain bind of the local driver; else the engine gets
  // it as it is.
  std::string DevicePath(const Entry& device, std::string_view flags) const {
    const std::string_view path = device.value->text;
    if (driver_ == "local" && flags == "bind") {
      return OpenedPathWithHome(path, device.value->source->folder, context_.out.home());
    }
    return EnginePath(path);
  }

  void WriteOverlay(const Entry& options, std::string_view flag) {
    for (const std::string_view prefix : kOverlayPaths) {
      if (!flag.starts_with(prefix)) {
        continue;
      }
      for (const std::string_view path : SplitOptions(flag.substr(prefix.size()), ':')) {
        const Entry* place = Find(*options.value, "o");
        Mount(*place, EnginePath(path), "o");
      }
    }
  }

  // What a plugin does with its options is not known, but a path of the host among them is there for a reason.
  void WriteForeign(const Entry& options) {
    for (const Entry& option : options.value->entries) {
      if (option.value->text.starts_with('/') && !option.value->text.starts_with("//")) {
        Mount(option, EnginePath(option.value->text), option.key);
      }
    }
  }

  const ServiceContext& context_;
  const Entry& volume_;
  std::string_view target_;
  std::string_view driver_;
};

void WriteTopLevelVolume(const ServiceContext& context, std::string_view name, std::string_view target) {
  if (const Entry* volume = context.sections.Find(Section::kVolumes, name)) {
    TopLevelVolume(context, *volume, target).Write();
  }
}

// ---- Volumes of a service ------------------------------------------------------------------------------------------

// As --mount, where the syntax of --volume cannot hold the path.
void WriteBind(const ServiceContext& context, const Setting& setting, std::string_view source,
               const std::vector<std::string_view>& parts) {
  std::string record = "type=bind";
  AppendField(record, "source", source);
  AppendField(record, "target", parts[1]);
  for (const std::string_view option : SplitOptions(parts.size() > 2 ? parts[2] : std::string_view{}, ',')) {
    if (option == "ro") {
      record += ",readonly";
    } else if (IsPropagation(option)) {
      AppendField(record, "bind-propagation", option);
    }
  }
  context.out.Option(setting, "mount", record);
}

void WriteShortVolume(const ServiceContext& context, const Entry& item) {
  const std::string_view spec = item.value->text;
  const std::vector<std::string_view> parts = context.parts.drives ? SplitSpec(spec) : SplitOptions(spec, ':');
  const Setting setting{"volumes", item};
  if (parts.size() < 2 || parts.size() > 3 || parts[0].empty()) {
    context.out.Option(setting, "volume", spec);
    return;
  }
  const std::string_view source = parts[0];
  // What an engine makes of it depends on where that runs.
  if (IsWindowsPath(source)) {
    context.out.Unknown(setting, "it is a path of Windows: write it as the engine sees it");
    return;
  }
  if (!source.starts_with('.') && !source.starts_with('~')) {
    context.out.Option(setting, "volume", spec);
    WriteTopLevelVolume(context, source, parts[1]);
    return;
  }
  const std::string path = AbsolutePathWithHome(source, item.value->source->folder, context.out.home());
  if (path.find(':') != std::string::npos) {
    WriteBind(context, setting, path, parts);
    return;
  }
  context.out.Option(setting, "volume", path + std::string(spec.substr(source.size())));
}

std::string_view MapText(const ServiceContext& context, const Node& map, std::string_view key, std::string_view field) {
  const Entry* entry = Find(map, key);
  return entry == nullptr ? std::string_view{} : TextOf(context, *entry, field);
}

std::string_view NestedText(const ServiceContext& context, const Node& map, std::string_view section,
                            std::string_view key) {
  const Node* inner = FindNode(map, section);
  return inner == nullptr ? std::string_view{} : MapText(context, *inner, key, "volumes");
}

void WriteLongVolume(const ServiceContext& context, const Entry& item) {
  const Node& volume = *item.value;
  const Setting setting{"volumes", item};
  const std::string_view type = MapText(context, volume, "type", "volumes.type");
  if (type.empty()) {
    FailType(context, item, "volumes", "a text, or a mapping with a type");
  }
  std::string source(MapText(context, volume, "source", "volumes.source"));
  const std::string_view target = MapText(context, volume, "target", "volumes.target");
  const bool may_be_bind = type == "bind" || !plugin::IsKnown(type);
  if (may_be_bind) {
    source = AbsolutePathWithHome(source, volume.source->folder, context.out.home());
  }
  std::string record;
  AppendField(record, "type", type);
  if (!source.empty()) {
    AppendField(record, "source", source);
  }
  if (!target.empty()) {
    AppendField(record, "target", target);
  }
  const Entry* read_only = Find(volume, "read_only");
  if (read_only != nullptr && TruthOf(context, *read_only, "volumes.read_only") == Truth::kTrue) {
    record += ",readonly";
  }
  if (const std::string_view propagation = NestedText(context, volume, "bind", "propagation"); !propagation.empty()) {
    AppendField(record, "bind-propagation", propagation);
  }
  if (const std::string_view subpath = NestedText(context, volume, "volume", "subpath"); !subpath.empty()) {
    AppendField(record, "volume-subpath", subpath);
  }
  context.out.Option(setting, "mount", record);
  if (type == "volume" || type == "cluster") {
    WriteTopLevelVolume(context, source, target);
  }
}

// ---- Configs and secrets -------------------------------------------------------------------------------------------

struct FileKind {
  Section section;
  std::string_view field;
  std::string_view name;
  std::string_view folder;  // where it is found inside the container by default
};

void WriteFiles(const ServiceContext& context, const Entry& entry, const FileKind& kind) {
  ForEachItem(context, entry, kind.field, [&](const Entry& item) {
    std::string_view name = item.value->text;
    std::string target;
    if (item.value->IsMap()) {
      name = MapText(context, *item.value, "source", kind.field);
      target = MapText(context, *item.value, "target", kind.field);
    }
    const Entry* top = context.sections.Find(kind.section, name);
    const Entry* file = top == nullptr ? nullptr : Find(*top->value, "file");
    if (!plugin::IsKnown(name)) {
      context.out.Unknown({kind.field, item}, "which file of the host is meant is not known");
    }
    if (file == nullptr) {
      return;
    }
    const std::string path =
        OpenedPathWithHome(TextOf(context, *file, kind.field), file->value->source->folder, context.out.home());
    target = AbsolutePath(target.empty() ? name : std::string_view(target), kind.folder);
    context.out.Effect({"file", *file}, SDP_EFFECT_MOUNT_HOST_PATH, {path, kind.name, target}, SDP_EFFECT_READ_ONLY);
  });
}

}  // namespace

void WriteVolumes(const ServiceContext& context, const Entry& entry) {
  ForEachItem(context, entry, "volumes", [&](const Entry& item) {
    item.value->IsMap() ? WriteLongVolume(context, item)
                        : (TextOf(context, item, "volumes"), WriteShortVolume(context, item));
  });
}

void WriteConfigs(const ServiceContext& context, const Entry& entry) {
  WriteFiles(context, entry, {Section::kConfigs, "configs", "config file", "/"});
}

void WriteSecrets(const ServiceContext& context, const Entry& entry) {
  WriteFiles(context, entry, {Section::kSecrets, "secrets", "secret file", "/run/secrets"});
}

}  // namespace safe_docker::compose
