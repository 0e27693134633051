#include "objects.hpp"

#include <algorithm>
#include <iterator>

namespace safe_docker::kube {
namespace {

// Where a kind keeps its pod's template; "" if it is a pod itself.
struct Workload {
  std::string_view kind;
  std::string_view outer;  // the field of spec that holds another spec, with the template
  bool has_template = true;
};
constexpr Workload kWorkloads[] = {
    {"Pod", "", false},  {"Deployment", ""},         {"DaemonSet", ""},
    {"Job", ""},         {"ReplicaSet", ""},         {"ReplicationController", ""},
    {"StatefulSet", ""}, {"CronJob", "jobTemplate"},
};

void AddPod(const Node& holder, std::vector<const Node*> metadata, Objects* objects) {
  ForEachMap(holder, "metadata", [&](const Node& node) { metadata.push_back(&node); });
  ForEachMap(holder, "spec", [&](const Node& spec) { objects->pods.push_back({&spec, metadata}); });
}

void AddTemplates(const Node& holder, const std::vector<const Node*>& metadata, Objects* objects) {
  ForEachMap(holder, "spec", [&](const Node& spec) {
    ForEachMap(spec, "template", [&](const Node& pod_template) { AddPod(pod_template, metadata, objects); });
  });
}

void AddWorkload(const Workload& workload, const Node& root, Objects* objects) {
  if (!workload.has_template) {
    AddPod(root, {}, objects);
    return;
  }
  std::vector<const Node*> metadata;
  ForEachMap(root, "metadata", [&](const Node& node) { metadata.push_back(&node); });
  if (workload.outer.empty()) {
    AddTemplates(root, metadata, objects);
    return;
  }
  ForEachMap(root, "spec", [&](const Node& spec) {
    ForEachMap(spec, workload.outer, [&](const Node& holder) { AddTemplates(holder, metadata, objects); });
  });
}

}  // namespace

void AddObjects(const Node& root, Objects* objects) {
  if (root.IsNull()) {
    return;  // nothing between two separators
  }
  if (!root.IsMap()) {
    FailAt(root, "a Kubernetes object must be a mapping");
  }
  const std::string_view kind = FieldText(root, "kind");
  if (IsField(kind, "List")) {
    ForEachItem(root, "items", [&](const Entry& item) { AddObjects(*item.value, objects); });
    return;
  }
  if (IsField(kind, "PersistentVolumeClaim")) {
    objects->claims.push_back(&root);
    return;
  }
  const auto* workload =
      std::ranges::find_if(kWorkloads, [kind](const Workload& candidate) { return IsField(kind, candidate.kind); });
  if (workload != std::end(kWorkloads)) {
    AddWorkload(*workload, root, objects);
  }
}

void ForEachAnnotation(const Node& metadata, const std::function<void(std::string_view, const Entry&)>& visit) {
  ForEachMap(metadata, "annotations", [&](const Node& annotations) {
    for (const Entry& entry : annotations.entries) {
      visit(entry.key, entry);
    }
  });
}

}  // namespace safe_docker::kube
