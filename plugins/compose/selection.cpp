#include "selection.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::string_view kNamespaceFields[] = {"network_mode", "ipc", "pid", "uts", "cgroup"};
constexpr std::string_view kServicePrefix = "service:";
constexpr std::string_view kTargetPrefix = "target:";  // the same, as bake calls it

bool IsEnabled(const Node& service, const std::vector<std::string_view>& active) {
  const Node* profiles = FindNode(service, "profiles");
  if (profiles == nullptr || profiles->entries.empty()) {
    return true;
  }
  const auto is_active = [&](std::string_view profile) {
    return !plugin::IsKnown(profile) || std::ranges::find(active, profile) != active.end();
  };
  return is_active("*") || std::ranges::any_of(profiles->entries, [&](const Entry& item) {
           return item.value->tag != Tag::kReset && is_active(item.value->text);
         });
}

class Selector {
 public:
  Selector(const Sections& sections, const Project& project, const CommandLine& line)
      : sections_(sections), project_(project), line_(line) {}

  std::vector<SelectedService> Select() {
    const bool builds_only = line_.command == "compose build" || line_.is_bake;
    follows_ = builds_only ? line_.with_dependencies : !line_.no_deps;
    const Named named = SelectNamed();
    for (const Entry& service : sections_.services()) {
      const bool is_wanted =
          named == Named::kUnknown || (named == Named::kNone && IsEnabled(*service.value, project_.profiles()));
      if (is_wanted && service.value->tag != Tag::kReset) {
        Add(service, false, false);
      }
    }
    // The list grows while it is walked.
    for (std::size_t index = 0; index < chosen_.size(); ++index) {
      AddNeeded(index);
    }
    std::ranges::sort(chosen_, {}, &SelectedService::service);
    return std::move(chosen_);
  }

 private:
  enum class Named : std::uint8_t { kNone, kSome, kUnknown };

  // kUnknown: what is named could be any service.
  Named SelectNamed() {
    std::size_t count = line_.arguments.size();
    if (line_.command == "compose run") {
      count = std::min<std::size_t>(count, 1);
    }
    Named named = count > 0 ? Named::kSome : Named::kNone;
    for (std::size_t index = 0; index < count; ++index) {
      std::string_view name = line_.arguments[index];
      if (line_.command == "compose scale") {
        name = name.substr(0, name.find('='));
      }
      if (!plugin::IsKnown(name)) {
        named = Named::kUnknown;
        continue;
      }
      const Entry* service = sections_.Find(Section::kServices, name);
      if (service != nullptr) {
        Add(*service, true, false);
      } else if (line_.is_bake) {  // which writes some names otherwise
        named = Named::kUnknown;
      }
      // Compose refuses a name that the project does not have before it starts anything, so there is nothing to judge.
    }
    return named;
  }

  void Add(const Entry& service, bool is_named, bool is_build_only) {
    const auto [place, is_new] = places_.emplace(&service, chosen_.size());
    if (is_new) {
      chosen_.push_back({&service, is_named, is_build_only});
    } else if (SelectedService& chosen = chosen_[place->second]; chosen.is_build_only && !is_build_only) {
      // It starts as well, so what it needs is needed too: walk it again.
      chosen.is_build_only = false;
      if (place->second < walked_) {
        WalkDependencies(place->second);
      }
    }
  }

  void AddNeeded(std::size_t index) {
    walked_ = index + 1;
    AddBuiltFirst(index);
    if (!chosen_[index].is_build_only) {
      WalkDependencies(index);
    }
  }

  void AddByName(std::string_view name, bool is_build_only) {
    if (const Entry* service = sections_.Find(Section::kServices, name)) {
      Add(*service, false, is_build_only);
    }
  }

  // additional_contexts: service:X.
  void AddBuiltFirst(std::size_t index) {
    const Node* build = FindNode(*chosen_[index].service->value, "build");
    const Node* contexts = build == nullptr ? nullptr : FindNode(*build, "additional_contexts");
    if (contexts == nullptr) {
      return;
    }
    for (const Entry& item : contexts->entries) {
      const std::string_view text = item.value->text;
      const std::size_t at = contexts->IsMap() ? 0 : text.find('=') + 1;
      for (const std::string_view prefix : {kServicePrefix, kTargetPrefix}) {
        if (text.substr(at).starts_with(prefix)) {
          AddByName(text.substr(at + prefix.size()), true);
        }
      }
    }
  }

  void WalkDependencies(std::size_t index) {
    if (!follows_) {
      return;
    }
    const Entry& service = *chosen_[index].service;
    AddDependsOn(service);
    AddListed(*service.value, "links");
    AddListed(*service.value, "volumes_from");
    for (const std::string_view field : kNamespaceFields) {
      const Node* mode = FindNode(*service.value, field);
      if (mode != nullptr && mode->text.starts_with(kServicePrefix)) {
        AddByName(mode->text.substr(kServicePrefix.size()), false);
      }
    }
  }

  void AddDependsOn(const Entry& service) {
    const Entry* depends_on = Find(*service.value, "depends_on");
    if (depends_on == nullptr) {
      return;
    }
    for (const Entry& item : depends_on->value->entries) {
      if (item.value->tag == Tag::kReset) {
        continue;
      }
      const std::string_view name = depends_on->value->IsMap() ? item.key : item.value->text;
      const Node* required = FindNode(*item.value, "required");
      const bool is_optional = required != nullptr && CastToBoolean(required->text) == std::optional(false);
      const Entry* needed = sections_.Find(Section::kServices, name);
      if (needed == nullptr) {
        if (!is_optional && plugin::IsKnown(name) && project_.unseen().empty()) {
          FailAt(item, "service \"" + std::string(service.key) + "\" depends on undefined service \"" +
                           std::string(name) + "\"");
        }
      } else if (!is_optional || IsEnabled(*needed->value, project_.profiles())) {
        Add(*needed, false, false);
      }
    }
  }

  void AddListed(const Node& service, std::string_view field) {
    const Node* list = FindNode(service, field);
    if (list == nullptr) {
      return;
    }
    for (const Entry& item : list->entries) {
      AddByName(item.value->text.substr(0, item.value->text.find(':')), false);
    }
  }

  const Sections& sections_;
  const Project& project_;
  const CommandLine& line_;
  bool follows_ = true;
  std::vector<SelectedService> chosen_;
  std::size_t walked_ = 0;
  std::unordered_map<const Entry*, std::size_t> places_;
};

}  // namespace

std::vector<SelectedService> SelectServices(const Sections& sections, const Project& project, const CommandLine& line) {
  return Selector(sections, project, line).Select();
}

}  // namespace safe_docker::compose
