#include "sections.hpp"

#include <string>

namespace safe_docker::compose {

Sections::Sections(const Node& model) {
  for (std::size_t section = 0; section < entries_.size(); ++section) {
    const Entry* found = compose::Find(model, kSectionNames[section]);
    if (found == nullptr) {
      continue;
    }
    if (!found->value->IsMap()) {
      FailAt(*found, std::string(kSectionNames[section]) + " must be a mapping");
    }
    if (section == static_cast<std::size_t>(Section::kServices)) {
      services_ = found->value->entries;
    }
    for (const Entry& entry : found->value->entries) {
      entries_[section].emplace(entry.key, &entry);
    }
  }
}

const Entry* Sections::Find(Section section, std::string_view name) const {
  const auto& entries = entries_[static_cast<std::size_t>(section)];
  const auto found = entries.find(name);
  return found == entries.end() || found->second->value->tag == Tag::kReset ? nullptr : found->second;
}

}  // namespace safe_docker::compose
