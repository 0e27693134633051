// How the fields of Kubernetes objects are found and typed: as Go's encoding/json does it for podman, which takes
// "Privileged" for "privileged" and, of several spellings, obeys each in turn.
#pragma once

#include <cstdint>
#include <string_view>

#include "yaml/failure.hpp"
#include "yaml/scalars.hpp"
#include "yaml/writer.hpp"
#include "yaml/yaml.hpp"

namespace safe_docker::kube {

using yaml::Entry;
using yaml::FailAt;
using yaml::Kind;
using yaml::Node;
using yaml::Writer;

// True if encoding/json takes the key for this field.
bool IsField(std::string_view key, std::string_view name);

[[noreturn]] void FailType(const Entry& entry, std::string_view field, std::string_view expected);

// The text of a field that must be a single value.
std::string_view TextOf(const Entry& entry, std::string_view field);

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };
Truth TruthOf(const Entry& entry, std::string_view field);

// Calls `visit(entry)` for each spelling of a field that is set. `map` is a map.
template <typename Visit>
void ForEachField(const Node& map, std::string_view name, const Visit& visit) {
  for (const Entry& entry : map.entries) {
    if (!entry.value->IsNull() && IsField(entry.key, name)) {
      visit(entry);
    }
  }
}

// The same for a field that must be a map: calls `visit(node)`.
template <typename Visit>
void ForEachMap(const Node& map, std::string_view name, const Visit& visit) {
  ForEachField(map, name, [&](const Entry& entry) {
    if (!entry.value->IsMap()) {
      FailType(entry, name, "a mapping");
    }
    visit(*entry.value);
  });
}

// The same for a field that must be a list: calls `visit(item)` for each of its items.
template <typename Visit>
void ForEachItem(const Node& map, std::string_view name, const Visit& visit) {
  ForEachField(map, name, [&](const Entry& entry) {
    if (!entry.value->IsList()) {
      FailType(entry, name, "a list");
    }
    for (const Entry& item : entry.value->entries) {
      if (!item.value->IsNull()) {
        visit(item);
      }
    }
  });
}

// The same for a list of maps: calls `visit(node)`.
template <typename Visit>
void ForEachMapItem(const Node& map, std::string_view name, const Visit& visit) {
  ForEachItem(map, name, [&](const Entry& item) {
    if (!item.value->IsMap()) {
      FailType(item, name, "a list of mappings");
    }
    visit(*item.value);
  });
}

// The text of the last spelling of a field; empty if there is none.
std::string_view FieldText(const Node& map, std::string_view name);

// True if a field is there and not null.
bool HasField(const Node& map, std::string_view name);

}  // namespace safe_docker::kube
