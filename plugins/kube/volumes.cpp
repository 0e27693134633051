// The volumes of a pod, where containers mount them, and the volumes that podman makes for claims.
#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "pods.hpp"

namespace safe_docker::kube {
namespace {

constexpr std::string_view kRelabels = "bind-mount-options";

// The path as it counts from the working folder; nothing in front of a "/" means anything to podman.
std::string HostPath(std::string_view path) {
  return path.starts_with('/') ? std::string(path) : "./" + std::string(path);
}

void AddOption(std::string* options, std::string_view option) {
  if (!option.empty()) {
    *options += (options->empty() ? "" : ",") + std::string(option);
  }
}

// One mount of a container, as `--volume` spells it behind the source.
class MountPoint {
 public:
  explicit MountPoint(const Node& mount) : mount_(mount) {
    const std::string_view path = FieldText(mount, "mountPath");
    target_ = path.substr(0, path.find(':'));
    if (target_.size() < path.size()) {
      options_ = path.substr(target_.size() + 1);
    }
    ForEachField(mount, "readOnly", [&](const Entry& entry) {
      if (TruthOf(entry, "readOnly") == Truth::kTrue) {
        AddOption(&options_, "ro");
      }
    });
    const std::string_view propagation = FieldText(mount, "mountPropagation");
    AddOption(&options_, propagation == "Bidirectional"     ? "rshared"
                         : propagation == "HostToContainer" ? "rslave"
                         : propagation == "None"            ? "private"
                                                            : propagation);
  }

  std::string_view target() const { return target_; }
  bool has_options() const { return FieldText(mount_, "mountPath").size() > target_.size(); }
  void Relabel(std::string_view option) { AddOption(&options_, option); }
  bool IsReadOnly() const { return ("," + options_ + ",").find(",ro,") != std::string::npos; }

  std::string With(std::string_view source) const {
    std::string spec = std::string(source) + ":" + target_;
    return options_.empty() ? spec : spec + ":" + options_;
  }

 private:
  const Node& mount_;
  std::string target_;
  std::string options_;
};

void WriteHostPath(const ContainerContext& context, const Node& mount, const Node& host_path) {
  ForEachField(host_path, "path", [&](const Entry& entry) {
    MountPoint point(mount);
    const std::string_view path = TextOf(entry, "hostPath.path");
    const std::string_view type = FieldText(host_path, "type");
    if (type == "CharDevice" || type == "BlockDevice") {
      context.out.Option({"hostPath.path", entry}, "device", std::string(path) + ":" + std::string(point.target()));
      return;
    }
    for (const Node* metadata : context.pod.metadata) {
      ForEachAnnotation(*metadata, [&](std::string_view key, const Entry& annotation) {
        const std::string_view value = TextOf(annotation, "annotations");
        const std::size_t colon = value.rfind(':');
        if (key.starts_with(kRelabels) && colon != std::string_view::npos && value.substr(0, colon) == path) {
          point.Relabel(value.substr(colon + 1));
        }
      });
    }
    if (path.find(':') == std::string_view::npos) {
      context.out.Option({"hostPath.path", entry}, "volume", point.With(HostPath(path)));
    } else {
      context.out.Effect({"hostPath.path", entry}, SDP_EFFECT_MOUNT_HOST_PATH, {path, "bind", point.target()},
                         point.IsReadOnly() ? std::uint32_t{SDP_EFFECT_READ_ONLY} : 0U);
    }
  });
  if (!HasField(host_path, "path")) {
    FailAt(host_path, "hostPath needs a path");
  }
}

// A volume of the engine, which has nothing to do with the host but through what stands behind the target.
void WriteNamedVolume(const ContainerContext& context, const Node& mount, const Node& source, std::string_view field,
                      std::string_view name_field) {
  const MountPoint point(mount);
  ForEachField(source, name_field, [&](const Entry& entry) {
    context.out.Option({field, entry}, "volume", point.With(TextOf(entry, field)));
  });
}

// emptyDir, configMap, secret: podman fills a volume of its own; only options behind the target may reach the host.
void WriteOwnVolume(const ContainerContext& context, const Node& mount, std::string_view name) {
  const MountPoint point(mount);
  if (point.has_options()) {
    ForEachField(mount, "mountPath", [&](const Entry& entry) {
      context.out.Option({"mountPath", entry}, "volume", point.With(name));
    });
  }
}

constexpr std::string_view kOwnSources[] = {"emptyDir", "configMap", "secret", "downwardAPI", "projected"};

// True if the volume has one of the sources that podman knows.
bool WriteSource(const ContainerContext& context, const Node& mount, const Node& volume) {
  bool is_known = false;
  ForEachMap(volume, "hostPath", [&](const Node& source) {
    is_known = true;
    WriteHostPath(context, mount, source);
  });
  ForEachMap(volume, "persistentVolumeClaim", [&](const Node& source) {
    is_known = true;
    WriteNamedVolume(context, mount, source, "persistentVolumeClaim.claimName", "claimName");
  });
  ForEachMap(volume, "image", [&](const Node& source) {
    is_known = true;
    ForEachField(source, "reference", [&](const Entry& entry) {
      context.out.Option({"image.reference", entry}, "image", TextOf(entry, "image.reference"));
    });
  });
  for (const std::string_view field : kOwnSources) {
    ForEachField(volume, field, [&](const Entry&) {
      is_known = true;
      WriteOwnVolume(context, mount, FieldText(volume, "name"));
    });
  }
  return is_known;
}

void WriteMount(const ContainerContext& context, const Node& mount) {
  const std::string_view name = FieldText(mount, "name");
  bool is_known = false;
  if (const auto found = context.volumes.find(name); found != context.volumes.end()) {
    for (const Node* volume : found->second) {
      is_known = WriteSource(context, mount, *volume) || is_known;
    }
  }
  if (!is_known) {
    ForEachField(mount, "name", [&](const Entry& entry) {
      context.out.Unknown({"volumeMounts.name", entry}, "podman knows no volume of this name and kind");
    });
  }
}

// ---- Claims --------------------------------------------------------------------------------------------------------

struct ClaimOption {
  std::string_view annotation;
  std::string_view key;  // of --mount
};
constexpr std::string_view kVolumePrefix = "volume.podman.io/";
constexpr ClaimOption kClaimOptions[] = {{"driver", "volume-driver="},
                                         {"device", "volume-opt=device="},
                                         {"type", "volume-opt=type="},
                                         {"mount-options", "volume-opt=o="}};

// A field of a CSV record, quoted.
void AppendField(std::string* record, std::string_view key, std::string_view value) {
  *record += ",\"" + std::string(key);
  for (const char byte : value) {
    *record += byte;
    if (byte == '"') {
      *record += '"';
    }
  }
  *record += '"';
}

void WriteClaimAnnotation(std::string_view name, const Entry& entry, std::string* mount, Writer& out) {
  const std::string_view value = TextOf(entry, "annotations");
  const auto* option = std::ranges::find(kClaimOptions, name, &ClaimOption::annotation);
  if (option != std::end(kClaimOptions)) {
    AppendField(mount, option->key, value);
  } else if (name == "import-source") {
    out.Effect({entry.key, entry}, SDP_EFFECT_READ_HOST_PATH, {value, "input"});
  } else if (name == "image") {
    out.Option({entry.key, entry}, "image", value);
  } else if (name != "uid" && name != "gid") {
    out.Unknown({entry.key, entry}, "podman may obey this annotation, and it is not known here");
  }
}

}  // namespace

void WriteMounts(const ContainerContext& context) {
  ForEachMapItem(context.container, "volumeMounts", [&](const Node& mount) { WriteMount(context, mount); });
}

void WriteUnmountedVolumes(const Pod& pod, Writer& out) {
  std::set<std::string_view> mounted;
  for (const std::string_view field : {"initContainers", "containers"}) {
    ForEachMapItem(*pod.spec, field, [&](const Node& container) {
      ForEachMapItem(container, "volumeMounts", [&](const Node& mount) { mounted.insert(FieldText(mount, "name")); });
    });
  }
  ForEachMapItem(*pod.spec, "volumes", [&](const Node& volume) {
    if (mounted.contains(FieldText(volume, "name"))) {
      return;
    }
    ForEachMap(volume, "hostPath", [&](const Node& host_path) {
      ForEachField(host_path, "path", [&](const Entry& entry) {
        if (FieldText(host_path, "type").ends_with("OrCreate")) {
          out.Effect({"hostPath.path", entry}, SDP_EFFECT_WRITE_HOST_PATH, {TextOf(entry, "hostPath.path"), "volume"});
        }
      });
    });
  });
}

void WriteClaim(const Node& claim, Writer& out) {
  ForEachMap(claim, "metadata", [&](const Node& metadata) {
    const OpenPart open(out, "volume " + std::string(FieldText(metadata, "name")), claim);
    std::string mount;
    const Entry* last = nullptr;
    ForEachAnnotation(metadata, [&](std::string_view key, const Entry& entry) {
      if (key.starts_with(kVolumePrefix)) {
        WriteClaimAnnotation(key.substr(kVolumePrefix.size()), entry, &mount, out);
        last = &entry;
      }
    });
    if (!mount.empty()) {
      out.Option({last->key, *last}, "mount", "type=volume,source=claim,target=/claim" + mount);
    }
  });
}

}  // namespace safe_docker::kube
