#include "pods.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>

namespace safe_docker::kube {
namespace {

// ---- What holds for the whole pod ----------------------------------------------------------------------------------

struct HostNamespace {
  std::string_view field;
  std::string_view option;
};
// Without hostUsers podman uses the caller's user namespace all the same, so it says nothing new.
constexpr HostNamespace kHostNamespaces[] = {{"hostNetwork", "network"}, {"hostPID", "pid"}, {"hostIPC", "ipc"}};

void WriteSysctls(const Node& security, Writer& out) {
  ForEachMapItem(security, "sysctls", [&](const Node& sysctl) {
    ForEachField(sysctl, "value", [&](const Entry& value) {
      out.Option({"sysctls", value}, "sysctl",
                 std::string(FieldText(sysctl, "name")) + "=" + std::string(TextOf(value, "sysctls.value")));
    });
  });
}

void WriteHostAliases(const Node& spec, Writer& out) {
  ForEachMapItem(spec, "hostAliases", [&](const Node& alias) {
    const std::string address(FieldText(alias, "ip"));
    ForEachItem(alias, "hostnames", [&](const Entry& host) {
      out.Option({"hostAliases", host}, "add-host", std::string(TextOf(host, "hostAliases.hostnames")) + ":" + address);
    });
  });
}

// ---- Annotations ---------------------------------------------------------------------------------------------------

// A row: an annotation that podman obeys, and what it does for a container. "/CONTAINER" stands behind those of one.
struct Annotation {
  std::string_view name;
  void (*write)(const ContainerContext& context, const Annotation& annotation, const Entry& entry);
  std::string_view option = {};
  std::string_view prefix = {};  // of the option's value
};

std::string_view ValueOf(const Entry& entry) { return TextOf(entry, "annotations"); }

void WriteNothing(const ContainerContext&, const Annotation&, const Entry&) {}

void WriteOption(const ContainerContext& context, const Annotation& annotation, const Entry& entry) {
  if (!ValueOf(entry).empty()) {
    context.out.Option({entry.key, entry}, annotation.option,
                       std::string(annotation.prefix) + std::string(ValueOf(entry)));
  }
}

void WriteDoubt(const ContainerContext& context, const Annotation&, const Entry& entry) {
  context.out.Unknown({entry.key, entry}, "podman may obey this annotation, and it is not known here");
}

void WriteUserNamespace(const ContainerContext& context, const Annotation& annotation, const Entry& entry) {
  if (ValueOf(entry) != "host") {  // what podman does anyway
    WriteOption(context, annotation, entry);
  }
}

// Calls `visit(part)` for each part of a list that is cut at semicolons.
template <typename Visit>
void ForEachPart(std::string_view list, const Visit& visit) {
  while (!list.empty()) {
    const std::size_t end = list.find(';');
    visit(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
}

bool IsInPod(const Node& spec, std::string_view name) {
  bool found = false;
  for (const std::string_view field : {"initContainers", "containers"}) {
    ForEachMapItem(spec, field, [&](const Node& container) { found = found || FieldText(container, "name") == name; });
  }
  return found;
}

// A container of the same pod is judged itself.
void WriteVolumesFrom(const ContainerContext& context, const Annotation& annotation, const Entry& entry) {
  ForEachPart(ValueOf(entry), [&](std::string_view part) {
    if (!IsInPod(*context.pod.spec, part.substr(0, part.find(':')))) {
      context.out.Option({entry.key, entry}, annotation.option, part);
    }
  });
}

void WriteImages(const ContainerContext& context, const Annotation& annotation, const Entry& entry) {
  ForEachPart(ValueOf(entry), [&](std::string_view image) {
    context.out.Option({entry.key, entry}, annotation.option, image);
  });
}

void WriteSeccomp(const ContainerContext& context, const Annotation&, const Entry& entry) {
  constexpr std::string_view kLocal = "localhost/";
  const std::string_view profile = ValueOf(entry);
  if (profile == "unconfined") {
    context.out.Option({entry.key, entry}, "security-opt", "seccomp=unconfined");
  } else if (profile.starts_with(kLocal)) {
    context.out.Option(
        {entry.key, entry}, "security-opt",
        "seccomp=" + std::string(context.setup.seccomp_root) + "/" + std::string(profile.substr(kLocal.size())));
  } else if (profile != "runtime/default" && profile != "docker/default") {
    context.out.Unknown({entry.key, entry}, "podman refuses this profile");
  }
}

constexpr std::string_view kOwn = "io.podman.annotations.";
constexpr Annotation kOwnAnnotations[] = {
    {"userns", WriteUserNamespace, "userns"},
    {"volumes-from", WriteVolumesFrom, "volumes-from"},
    {"label", WriteOption, "security-opt", "label="},
    {"seccomp", WriteOption, "security-opt", "seccomp="},
    {"apparmor", WriteOption, "security-opt", "apparmor="},
    {"kube.image.automount", WriteImages, "image"},
    {"kube.image.volumes.mount", WriteImages, "image"},
    {"autoremove", WriteNothing},
    {"cid-file", WriteNothing},
    {"infra.name", WriteNothing},
    {"init", WriteNothing},
    {"init.container.type", WriteNothing},
    {"kube.health.cmd", WriteNothing},
    {"pids-limit", WriteNothing},
    {"publish-all", WriteNothing},
    {"ulimit", WriteNothing},
};
constexpr Annotation kDoubt = {"", WriteDoubt};

constexpr Annotation kOtherAnnotations[] = {
    {"seccomp.security.alpha.kubernetes.io/pod", WriteSeccomp},
    {"container.seccomp.security.alpha.kubernetes.io", WriteSeccomp},
    {"container.apparmor.security.beta.kubernetes.io", WriteNothing},  // podman does not read it
};

// All annotations end up in the container's configuration; these are the ones that OCI runtimes act on.
constexpr std::string_view kRuntimePrefixes[] = {"run.oci.",
                                                 "io.crun.",
                                                 "org.systemd.property.",
                                                 "module.wasm.",
                                                 "io.katacontainers.",
                                                 "io.kubernetes.cri-o.",
                                                 "com.github.containers.",
                                                 "org.criu."};

// The row of an annotation; null if it means nothing to this container.
template <std::size_t kCount>
const Annotation* FindAnnotation(const Annotation (&rows)[kCount], std::string_view key, std::string_view container) {
  const auto* exact = std::ranges::find(rows, key, &Annotation::name);
  if (exact != std::end(rows)) {
    return exact;
  }
  const std::size_t slash = key.rfind('/');
  const auto* row = std::ranges::find(rows, key.substr(0, slash), &Annotation::name);
  return slash != std::string_view::npos && row != std::end(rows) && key.substr(slash + 1) == container ? row : nullptr;
}

// True if the annotation is one of a known row, of whatever container.
bool IsListed(std::string_view key) {
  return std::ranges::find(kOwnAnnotations, key.substr(0, key.rfind('/')), &Annotation::name) !=
         std::end(kOwnAnnotations);
}

void WriteAnnotation(const ContainerContext& context, std::string_view key, const Entry& entry) {
  if (key.starts_with(kOwn)) {
    const std::string_view own = key.substr(kOwn.size());
    const Annotation* row = FindAnnotation(kOwnAnnotations, own, context.name);
    const Annotation& found = row != nullptr ? *row : kDoubt;
    if (row != nullptr || !IsListed(own)) {
      found.write(context, found, entry);
    }
    return;
  }
  if (const Annotation* row = FindAnnotation(kOtherAnnotations, key, context.name)) {
    row->write(context, *row, entry);
    return;
  }
  if (std::ranges::any_of(kRuntimePrefixes, [key](std::string_view prefix) { return key.starts_with(prefix); })) {
    context.out.Option({key, entry}, "annotation", std::string(key) + "=" + std::string(ValueOf(entry)));
  }
}

void WriteAnnotations(const ContainerContext& context) {
  for (const Node* metadata : context.pod.metadata) {
    ForEachAnnotation(*metadata,
                      [&](std::string_view key, const Entry& entry) { WriteAnnotation(context, key, entry); });
  }
}

void WritePodSettings(const Pod& pod, Writer& out) {
  for (const HostNamespace& row : kHostNamespaces) {
    WriteSwitch(*pod.spec, row.field, row.option, "host", out);
  }
  WriteHostAliases(*pod.spec, out);
  ForEachMap(*pod.spec, "securityContext", [&](const Node& security) { WriteSysctls(security, out); });
}

}  // namespace

void WriteSwitch(const Node& map, std::string_view field, std::string_view option, std::string_view value,
                 Writer& out) {
  ForEachField(map, field, [&](const Entry& entry) {
    switch (TruthOf(entry, field)) {
      case Truth::kTrue:
        out.Option({field, entry}, option, value);
        break;
      case Truth::kUnknown:
        out.Unknown({field, entry}, "whether this is switched on cannot be told: write true or false");
        break;
      case Truth::kFalse:
        break;
    }
  });
}

void WritePod(const Pod& pod, const Setup& setup, Writer& out) {
  Volumes volumes;
  ForEachMapItem(*pod.spec, "volumes",
                 [&](const Node& volume) { volumes[FieldText(volume, "name")].push_back(&volume); });
  bool is_first = true;
  for (const std::string_view field : {"initContainers", "containers"}) {
    ForEachMapItem(*pod.spec, field, [&](const Node& container) {
      const std::string_view name = FieldText(container, "name");
      const OpenPart open(out, "container " + std::string(name), container);
      if (is_first) {
        WritePodSettings(pod, out);  // once is enough
        WriteUnmountedVolumes(pod, out);
      }
      is_first = false;
      const ContainerContext context{pod, volumes, container, name, setup, out};
      WriteContainer(context);
      WriteMounts(context);
      WriteAnnotations(context);
    });
  }
}

}  // namespace safe_docker::kube
