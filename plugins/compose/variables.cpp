#include "variables.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::string_view kUnknownText{"\0", 1};
constexpr std::string_view kProjectName = "COMPOSE_PROJECT_NAME";
constexpr std::string_view kSettingPrefix = "COMPOSE_";

}  // namespace

Variable Variables::Inherited(std::string_view name) const {
  const auto given = overrides_.find(name);
  if (given != overrides_.end()) {
    return {plugin::IsKnown(given->second) ? Variable::State::kKnown : Variable::State::kUnknown, given->second};
  }
  if (outer_ != nullptr) {
    return outer_->Get(name);
  }
  std::string_view text;
  switch (host_->Environment(name, &text)) {
    case SDP_OK:
      return {plugin::IsKnown(text) ? Variable::State::kKnown : Variable::State::kUnknown, text};
    case SDP_ABSENT:
      return name == "PWD" ? Variable{Variable::State::kKnown, working_directory_} : Variable{};
    default:
      return {Variable::State::kUnknown, plugin::IsKnown(text) ? kUnknownText : text};
  }
}

Variable Variables::Get(std::string_view name) const {
  if (!project_name_.empty() && name == kProjectName) {
    has_used_project_name_ = true;
    return {plugin::IsKnown(project_name_) ? Variable::State::kKnown : Variable::State::kUnknown, project_name_};
  }
  const Variable inherited = Inherited(name);
  if (inherited.state != Variable::State::kUnset) {
    return inherited;
  }
  const auto found = defined_.find(name);
  if (found == defined_.end()) {
    const bool may_be_set = inherited.MayBeSet() || (is_unread_ && !name.starts_with(kSettingPrefix));
    return may_be_set ? Variable{Variable::State::kUnset, kUnknownText} : Variable{};
  }
  return {plugin::IsKnown(found->second) ? Variable::State::kKnown : Variable::State::kUnknown, found->second};
}

void Variables::KeepSettingsOnly() {
  std::erase_if(defined_, [](const auto& item) { return !item.first.starts_with(kSettingPrefix); });
}

}  // namespace safe_docker::compose
