// Which pods and volumes a file's objects stand for: the pods themselves, those that controllers make from a template,
// and the claims that podman makes volumes of.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "fields.hpp"

namespace safe_docker::kube {

// A pod, or the template of one.
struct Pod {
  const Node* spec = nullptr;
  // What may hold annotations: the metadata of the object and of its template.
  std::vector<const Node*> metadata;
};

struct Objects {
  std::vector<Pod> pods;
  std::vector<const Node*> claims;  // PersistentVolumeClaims
};

// Adds what the document `root` describes. Kinds that podman passes over are passed over here, but whatever Kubernetes
// would make a pod of is read, since newer versions know more of them.
void AddObjects(const Node& root, Objects* objects);

// Calls `visit(key, entry)` for each annotation in `metadata`.
void ForEachAnnotation(const Node& metadata, const std::function<void(std::string_view, const Entry&)>& visit);

}  // namespace safe_docker::kube
