// A container's own fields: image, security, ports, devices.
#include <algorithm>
#include <iterator>
#include <string>

#include "pods.hpp"

namespace safe_docker::kube {
namespace {

// ---- securityContext -----------------------------------------------------------------------------------------------

constexpr std::string_view kLabelParts[] = {"user", "role", "type", "level", "filetype"};

void WriteLabels(const Node& security, Writer& out) {
  ForEachMap(security, "seLinuxOptions", [&](const Node& label) {
    for (const std::string_view part : kLabelParts) {
      ForEachField(label, part, [&](const Entry& entry) {
        if (const std::string_view text = TextOf(entry, part); !text.empty()) {
          out.Option({"seLinuxOptions." + std::string(part), entry}, "security-opt",
                     "label=" + std::string(part) + ":" + std::string(text));
        }
      });
    }
  });
}

void WriteSeccompProfile(const Node& security, const Setup& setup, Writer& out) {
  ForEachMap(security, "seccompProfile", [&](const Node& profile) {
    ForEachField(profile, "type", [&](const Entry& entry) {
      const std::string_view type = TextOf(entry, "seccompProfile.type");
      if (type == "Unconfined") {
        out.Option({"seccompProfile.type", entry}, "security-opt", "seccomp=unconfined");
      } else if (type == "Localhost") {
        out.Option(
            {"seccompProfile.type", entry}, "security-opt",
            "seccomp=" + std::string(setup.seccomp_root) + "/" + std::string(FieldText(profile, "localhostProfile")));
      } else if (type != "RuntimeDefault") {
        out.Unknown({"seccompProfile.type", entry}, "this type of profile does not exist");
      }
    });
  });
}

void WriteCapabilities(const Node& security, Writer& out) {
  ForEachMap(security, "capabilities", [&](const Node& capabilities) {
    ForEachItem(capabilities, "add", [&](const Entry& item) {
      out.Option({"capabilities.add", item}, "cap-add", TextOf(item, "capabilities.add"));
    });
  });
}

void WriteProcMount(const Node& security, Writer& out) {
  ForEachField(security, "procMount", [&](const Entry& entry) {
    const std::string_view mount = TextOf(entry, "procMount");
    if (mount == "Unmasked") {
      out.Option({"procMount", entry}, "security-opt", "unmask=ALL");
    } else if (!mount.empty() && mount != "Default") {
      out.Unknown({"procMount", entry}, "this way of mounting /proc does not exist");
    }
  });
}

void WriteAppArmor(const Node& security, Writer& out) {
  ForEachMap(security, "appArmorProfile", [&](const Node& profile) {
    ForEachField(profile, "type", [&](const Entry& entry) {
      if (TextOf(entry, "appArmorProfile.type") == "Unconfined") {
        out.Option({"appArmorProfile.type", entry}, "security-opt", "apparmor=unconfined");
      }
    });
  });
}

// The pod's settings count where the container has none of its own; both are looked at.
void WriteSecurity(const ContainerContext& context) {
  const auto write = [&](const Node& security) {
    WriteSwitch(security, "privileged", "privileged", "true", context.out);
    WriteCapabilities(security, context.out);
    WriteProcMount(security, context.out);
    WriteLabels(security, context.out);
    WriteAppArmor(security, context.out);
    WriteSeccompProfile(security, context.setup, context.out);
  };
  ForEachMap(*context.pod.spec, "securityContext", write);
  ForEachMap(context.container, "securityContext", write);
}

// ---- The rest ------------------------------------------------------------------------------------------------------

void WriteImage(const ContainerContext& context) {
  ForEachField(context.container, "image", [&](const Entry& entry) {
    if (const std::string_view image = TextOf(entry, "image"); !image.empty()) {
      context.out.Option({"image", entry}, "image", image);
    }
  });
}

void WritePorts(const ContainerContext& context) {
  ForEachMapItem(context.container, "ports", [&](const Node& port) {
    ForEachField(port, "hostPort", [&](const Entry& entry) {
      std::string address(FieldText(port, "hostIP"));
      if (address.find(':') != std::string::npos) {
        address = '[' + address + ']';
      }
      const std::string_view protocol = FieldText(port, "protocol");
      std::string spec = address.empty() ? "" : address + ":";
      spec += std::string(TextOf(entry, "ports.hostPort")) + ":" + std::string(FieldText(port, "containerPort"));
      spec += IsField(protocol, "udp") ? "/udp" : IsField(protocol, "sctp") ? "/sctp" : "";
      context.out.Option({"ports.hostPort", entry}, "publish", spec);
    });
  });
}

// Limits may name a device: podman.io/device=PATH, or one of the Container Device Interface, VENDOR/CLASS=NAME.
void WriteDevices(const ContainerContext& context) {
  constexpr std::string_view kOwn = "podman.io/device=";
  const auto write = [&](const Node& amounts) {
    for (const Entry& entry : amounts.entries) {
      if (entry.key.find('=') != std::string_view::npos) {
        const bool is_own = entry.key.starts_with(kOwn);
        context.out.Option({entry.key, entry}, "device", is_own ? entry.key.substr(kOwn.size()) : entry.key);
      }
    }
  };
  ForEachMap(context.container, "resources", [&](const Node& resources) {
    ForEachMap(resources, "limits", write);
    ForEachMap(resources, "requests", write);
  });
}

void WriteCommand(const ContainerContext& context) {
  for (const std::string_view field : {"command", "args"}) {
    ForEachField(context.container, field, [&](const Entry& entry) {
      std::string command;
      ForEachItem(context.container, field, [&](const Entry& item) {
        command += (command.empty() ? "" : " ") + std::string(TextOf(item, field));
      });
      context.out.Effect({field, entry}, SDP_EFFECT_RUN_COMMAND, {command});
    });
  }
}

void WriteVolumeDevices(const ContainerContext& context) {
  ForEachItem(context.container, "volumeDevices", [&](const Entry& item) {
    context.out.Unknown({"volumeDevices", item}, "it gives the container a disk of the host as it is");
  });
}

}  // namespace

void WriteContainer(const ContainerContext& context) {
  WriteImage(context);
  WriteSecurity(context);
  WritePorts(context);
  WriteDevices(context);
  WriteVolumeDevices(context);
  WriteCommand(context);
}

}  // namespace safe_docker::kube
