#include "podman.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "paths.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::string_view kPrefix = "x-podman.";
constexpr std::string_view kVariables = "PODMAN_";
constexpr std::string_view kPodArguments = "PODMAN_COMPOSE_POD_ARGS";

// What does not reach beyond the container.
constexpr std::string_view kHarmless[] = {"x-podman.uidmaps", "x-podman.gidmaps", "x-podman.no_hosts",
                                          "x-podman.passwd"};

// Settings of a service that name something of the host.
struct HostSetting {
  std::string_view name;
  sdp_effect_kind kind;
  std::string_view what;
};
constexpr HostSetting kHostSettings[] = {{"x-podman.rootfs", SDP_EFFECT_MOUNT_HOST_PATH, "bind"},
                                         {"init-path", SDP_EFFECT_READ_HOST_PATH, "init"}};

bool IsSet(const Entry& entry) { return !entry.value->IsNull() && entry.value->tag != Tag::kReset; }

// Python takes any text for true that is not empty.
bool IsTextForTrue(const Entry& entry) {
  return entry.key == "privileged" && entry.value->kind == Kind::kString && !entry.value->text.empty() &&
         CastToBoolean(entry.value->text) == false;
}

bool IsUnknown(const Entry& entry) {
  return entry.key == "pod" || entry.key.starts_with('_') ||
         (entry.key.starts_with(kPrefix) && std::ranges::find(kHarmless, entry.key) == std::end(kHarmless));
}

// Begins the service's request with the first setting, and ends it in any case.
class ServiceRequest {
 public:
  ServiceRequest(const Entry& service, Writer& out) : service_(service), out_(out) {}
  ServiceRequest(const ServiceRequest&) = delete;
  ServiceRequest& operator=(const ServiceRequest&) = delete;
  ~ServiceRequest() {
    if (is_open_) {
      out_.End();
    }
  }

  Writer& Open() {
    if (!is_open_) {
      out_.BeginService(service_);
      is_open_ = true;
    }
    return out_;
  }

 private:
  const Entry& service_;
  Writer& out_;
  bool is_open_ = false;
};

// podman-compose keeps notes of its own in these settings, and believes those that it finds there.
void WriteVolumeNotes(const Entry& volumes, ServiceRequest& request) {
  for (const Entry& volume : volumes.value->entries) {
    for (const Entry& entry : volume.value->entries) {
      if (entry.key.starts_with('_')) {
        request.Open().Unknown({entry.key, entry}, "podman-compose may obey this, and it is not known here");
      }
    }
  }
}

void WriteSetting(const Entry& entry, ServiceRequest& request) {
  const auto* row = std::ranges::find(kHostSettings, entry.key, &HostSetting::name);
  if (row != std::end(kHostSettings)) {
    const std::string path = OpenedPath(entry.value->text, entry.value->source->folder);
    request.Open().Effect({entry.key, entry}, row->kind, {path, row->what});
  } else if (IsUnknown(entry)) {
    request.Open().Unknown({entry.key, entry}, "podman-compose may obey this, and it is not known here");
  } else if (IsTextForTrue(entry)) {
    request.Open().Unknown({entry.key, entry}, "podman-compose takes any text for true: write it without quotes");
  } else if (entry.key == "volumes") {
    WriteVolumeNotes(entry, request);
  } else if (entry.key == "image" && entry.value->text.starts_with('-')) {
    request.Open().Unknown({entry.key, entry}, "podman takes this for an option, not for an image");
  }
}

// The words that `podman pod create` is given.
void WritePodArguments(const Entry& entry, const Project& project, Writer& out) {
  std::vector<sdp_string> words = {plugin::Text("podman"), plugin::Text("pod"), plugin::Text("create")};
  if (!entry.value->IsList()) {
    FailAt(entry, "x-podman.pod_args must be a list");
  }
  for (const Entry& item : entry.value->entries) {
    words.push_back(plugin::Text(item.value->text));
  }
  out.Run({"x-podman.pod_args", entry}, project.folder(), words);
}

}  // namespace

void WritePodmanProject(const Project& project, Writer& out) {
  const Node* settings = FindNode(*project.model(), "x-podman");
  const Entry* arguments = settings == nullptr ? nullptr : Find(*settings, "pod_args");
  if (arguments != nullptr) {
    WritePodArguments(*arguments, project, out);
  }
  if (project.variables().Get(kPodArguments).HasText()) {
    out.Unseen(kPodArguments, "these are more arguments of podman", {}, 0, 0);
  }
  for (const auto& [name, value] : project.variables().defined()) {
    if (name.starts_with(kVariables) && name != kPodArguments) {
      out.Unseen(name, "podman-compose hands this variable of an env file to podman", {}, 0, 0);
    }
  }
}

void WritePodmanService(const Entry& service, Writer& out) {
  ServiceRequest request(service, out);
  for (const Entry& entry : service.value->entries) {
    if (IsSet(entry)) {
      WriteSetting(entry, request);
    }
  }
}

}  // namespace safe_docker::compose
