#include "destroyed_volumes.hpp"

#include <string>

#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

// External volumes outlive the project. What is not clearly external is not.
bool IsExternal(const Node& volume) {
  const Node* external = FindNode(volume, "external");
  return external != nullptr && (external->IsMap() || CastToBoolean(external->text).value_or(false));
}

std::string NameOf(const Entry& volume, std::string_view project) {
  const Node* name = FindNode(*volume.value, "name");
  if (name != nullptr && name->IsScalar() && !name->text.empty()) {
    return std::string(name->text);
  }
  return std::string(project) + '_' + std::string(volume.key);
}

}  // namespace

void WriteDestroyedVolumes(const Node& model, std::string_view project, std::string_view command, Writer& out) {
  const Entry* section = Find(model, "volumes");
  if (section == nullptr || !section->value->IsMap()) {
    return;
  }
  bool has_begun = false;
  for (const Entry& volume : section->value->entries) {
    if (volume.value->tag == Tag::kReset || IsExternal(*volume.value)) {
      continue;
    }
    if (!has_begun) {
      out.BeginProject(command, {"volumes", *section});
      has_begun = true;
    }
    const std::string name = NameOf(volume, project);
    out.Effect({volume.key, volume}, SDP_EFFECT_DESTROY, {.subject = name, .name = "volume", .options = "data"});
  }
  if (has_begun) {
    out.End();
  }
}

}  // namespace safe_docker::compose
