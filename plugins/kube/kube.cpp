// The expander for Kubernetes YAML: turns `podman kube play FILE` into one request for each container that would start
// and each volume that would be made, with the effects that the file gives them. Judges nothing itself but whether the
// file can be read.
#include <cstdint>
#include <safe_docker/checker.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "objects.hpp"
#include "pods.hpp"
#include "yaml/arena.hpp"
#include "yaml/file.hpp"

namespace safe_docker::kube {
namespace {

constexpr std::string_view kCommand = "kube object";
constexpr std::string_view kDefaultSeccompRoot = "/var/lib/kubelet/seccomp";

constexpr sdp_rule kRules[] = {
    plugin::Rule(SDP_DENY, {"unreadable", "a file with Kubernetes objects that is missing or cannot be read",
                            "what cannot be read cannot be checked", "", "unknown", SDP_SEVERITY_MEDIUM}),
    plugin::Rule(SDP_DENY, {"malformed", "Kubernetes YAML that is not valid, or goes beyond the bounds of checking",
                            "readers differ in what they make of invalid files", "", "unknown", SDP_SEVERITY_MEDIUM}),
};

constexpr sdp_string kCommands[] = {plugin::Text("kube play")};

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          0,
                                          plugin::Text("kube"),
                                          plugin::Text("0.1.0"),
                                          plugin::Text("Reads Kubernetes YAML, so that each container is judged"),
                                          plugin::Text("MIT OR Apache-2.0"),
                                          plugin::Text(""),
                                          plugin::ArrayOf(kRules),
                                          plugin::ArrayOf(kCommands),
                                          0,
                                          plugin::Text("")};

constexpr std::string_view kAdvice = "Correct this place; readers of YAML differ in what they make of it.";

// The option's last value; empty if it is not given.
std::string_view LastValue(const plugin::Request& request, std::string_view name) {
  std::string_view value;
  for (const plugin::Option option : request.options()) {
    value = option.name() == name ? option.value() : value;
  }
  return value;
}

bool IsStream(std::string_view path) {
  return path == "-" || path == "/dev/stdin" || path.starts_with("/dev/fd/") ||
         (path.starts_with("/proc/") && path.find("/fd/") != std::string_view::npos);
}

bool IsRemote(std::string_view path) { return path.starts_with("http://") || path.starts_with("https://"); }

class Kube {
 public:
  void Create(const plugin::Host& host, plugin::Findings& /*findings*/) { host_ = &host.raw(); }

  void Expand(const plugin::Request& request, plugin::Requests& requests, plugin::Findings& findings) const {
    if (LastValue(request, "down") == "true" || LastValue(request, "help") == "true") {
      return;  // what is torn down is said by the command line
    }
    Writer writer(requests, kCommand, request.cwd(), request.cwd(), request.home());
    const std::string_view root = LastValue(request, "seccomp-profile-root");
    const Setup setup{root.empty() ? kDefaultSeccompRoot : root};
    for (const std::string_view file : request.arguments()) {
      try {
        Judge(file, request, setup, writer);
      } catch (const yaml::Failure& failure) {
        yaml::Report(failure, kAdvice, findings);
      }
    }
  }

 private:
  void Judge(std::string_view file, const plugin::Request& request, const Setup& setup, Writer& writer) const {
    yaml::Arena arena;
    const plugin::Host host(*host_);
    if (IsStream(file) || IsRemote(file)) {
      writer.Unseen(file, "what this file describes is only known when the command runs", {}, 0, 0);
      return;
    }
    sdp_path path{};
    if (host.ResolvePath(file, request.cwd(), &path) == SDP_UNKNOWN) {
      writer.Unseen(file, "which file this is cannot be told", {}, 0, 0);
      return;
    }
    const std::string_view name = plugin::View(path.clean);
    Objects objects;
    for (const Node* document : Read(host, name, arena, writer)) {
      AddObjects(*document, &objects);
    }
    for (const Node* claim : objects.claims) {
      WriteClaim(*claim, writer);
    }
    for (const Pod& pod : objects.pods) {
      WritePod(pod, setup, writer);
    }
  }

  // Nothing of a file whose content is only known when the command runs, which is asked about.
  static std::vector<const Node*> Read(const plugin::Host& host, std::string_view path, yaml::Arena& arena,
                                       Writer& writer) {
    const yaml::FileContent file = yaml::ReadFile(host, path);
    if (!file.why_unknown.empty()) {
      writer.Unseen(path, file.why_unknown, {}, 0, 0);
      return {};
    }
    yaml::Dialect dialect;
    dialect.takes_any_scalar_key = true;
    return yaml::ReadYaml(file.text, {arena.Copy(path), {}}, dialect, arena).roots;
  }

  const sdp_host* host_ = nullptr;
};

}  // namespace
}  // namespace safe_docker::kube

SAFE_DOCKER_PLUGIN(safe_docker::kube::Kube, safe_docker::kube::kDescription);
