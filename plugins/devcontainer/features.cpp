// Features: code for the image's build, which is ordinary, and settings for the container, which may not be. Those of a
// feature that lies beside the file are read; of the well-known ones it is known what they ask for.
#include <set>
#include <string>

#include "container.hpp"
#include "jsonc.hpp"

namespace safe_docker::devcontainer {
namespace {

struct Known {
  std::string_view feature;
  std::string_view option;
  std::string_view value;
};
constexpr std::string_view kWellKnown = "ghcr.io/devcontainers/features/";
constexpr Known kKnown[] = {
    {"docker-in-docker", "privileged", "true"},
    {"docker-outside-of-docker", "mount", "type=bind,src=/var/run/docker.sock,dst=/var/run/docker-host.sock"},
    {"docker-outside-of-docker", "security-opt", "label=disable"},
    {"docker-from-docker", "mount", "type=bind,src=/var/run/docker.sock,dst=/var/run/docker-host.sock"},
    {"go", "cap-add", "SYS_PTRACE"},
    {"go", "security-opt", "seccomp=unconfined"},
    {"golang", "cap-add", "SYS_PTRACE"},
    {"golang", "security-opt", "seccomp=unconfined"},
    {"rust", "cap-add", "SYS_PTRACE"},
    {"rust", "security-opt", "seccomp=unconfined"},
};

bool IsLocal(std::string_view id) { return id.starts_with("./") || id.starts_with("../") || id.starts_with('/'); }

// The name without registry and version; empty for those of others.
std::string_view WellKnownName(std::string_view id) {
  if (id.starts_with(kWellKnown)) {
    id.remove_prefix(kWellKnown.size());
  } else if (id.find('/') != std::string_view::npos) {
    return {};
  }
  return id.substr(0, id.find_first_of(":@"));
}

// Writes features, each that lies beside the file once, since they may depend on one another.
class FeatureWriter {
 public:
  explicit FeatureWriter(const Context& context) : context_(context) {}

  void Write(const Node& features) {
    for (const Entry& feature : features.entries) {
      WriteOne(feature);
    }
  }

 private:
  void WriteOne(const Entry& feature) {
    const std::string_view id = feature.key;
    if (IsLocal(id)) {
      WriteLocal(feature);
      return;
    }
    if (id.find("://") != std::string_view::npos) {
      context_.out.Unknown({id, feature}, "what this feature asks for is not known before it is fetched");
      return;
    }
    const std::string_view name = WellKnownName(id);
    for (const Known& known : kKnown) {
      if (known.feature == name && context_.starts) {
        context_.out.Option({id, feature}, known.option, known.value);
      }
    }
  }

  void WriteLocal(const Entry& feature) {
    const std::string path = std::string(feature.key) + "/devcontainer-feature.json";
    const std::string file(Resolve(context_.host, path, context_.configuration.folder));
    std::string_view content;
    if (file.empty() || context_.host.ReadFile(file, yaml::kMaxFileSize, &content) != SDP_OK) {
      context_.out.Unknown({feature.key, feature}, "the feature beside the file cannot be read");
      return;
    }
    if (!seen_.insert(file).second) {
      return;
    }
    yaml::Arena arena;
    const Variables variables{&context_.host, context_.out.home(), context_.configuration.workspace_folder,
                              context_.configuration.container_workspace_folder};
    const Node* root =
        ReadJsonc(content, {arena.Copy(file), arena.Copy(context_.configuration.folder)}, Replacing(variables), arena);
    if (!root->IsMap()) {
      FailAt(*root, "a feature must be an object");
    }
    for (const Entry& entry : root->entries) {
      WriteSecurity(context_, entry);
      if (entry.key == "dependsOn") {
        Write(*entry.value);
      }
    }
  }

  const Context& context_;
  std::set<std::string> seen_;
};

}  // namespace

void WriteFeatures(const Context& context, const Node& features) { FeatureWriter(context).Write(features); }

}  // namespace safe_docker::devcontainer
