// The forms that settings of a service come in (a text, a list, a map, any of them), and the checks of their types, as
// compose's schema has them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services.hpp"
#include "writer.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

[[noreturn]] void FailType(const ServiceContext& context, const Entry& entry, std::string_view field,
                           std::string_view expected);

// The text of a setting that must be a scalar.
std::string_view TextOf(const ServiceContext& context, const Entry& entry, std::string_view field);

// compose's view of a boolean; kUnknown for a text that it would refuse or that is not known.
Truth TruthOf(const ServiceContext& context, const Entry& entry, std::string_view field);

// Calls `visit(item)` for each item of a list that is not taken away.
template <typename Visit>
void ForEachItem(const ServiceContext& context, const Entry& entry, std::string_view field, const Visit& visit) {
  if (!entry.value->IsList()) {
    FailType(context, entry, field, "a list");
  }
  for (const Entry& item : entry.value->entries) {
    if (item.value->tag != Tag::kReset && !item.value->IsNull()) {
      visit(item);
    }
  }
}

// The same for a list or a single value.
template <typename Visit>
void ForEachItemOrSelf(const ServiceContext& context, const Entry& entry, std::string_view field, const Visit& visit) {
  if (entry.value->IsList()) {
    ForEachItem(context, entry, field, visit);
  } else {
    visit(entry);
  }
}

// Calls `visit(entry, key, value)` for each pair of a map, or of a list of "key=value". A list as a value gives a pair
// for each of its items.
template <typename Visit>
void ForEachPair(const ServiceContext& context, const Entry& entry, std::string_view field, std::string_view separators,
                 const Visit& visit) {
  if (!entry.value->IsMap()) {
    ForEachItem(context, entry, field, [&](const Entry& item) {
      const std::string_view text = TextOf(context, item, field);
      std::size_t at = std::string_view::npos;
      for (std::size_t index = 0; index < separators.size() && at == std::string_view::npos; ++index) {
        at = text.find(separators[index]);
      }
      visit(item, text.substr(0, at), at == std::string_view::npos ? std::string_view{} : text.substr(at + 1));
    });
    return;
  }
  for (const Entry& pair : entry.value->entries) {
    if (pair.value->tag == Tag::kReset) {
      continue;
    }
    if (!pair.value->IsList()) {
      visit(pair, pair.key, pair.value->IsNull() ? std::string_view{} : TextOf(context, pair, field));
      continue;
    }
    for (const Entry& item : pair.value->entries) {
      visit(item, pair.key, TextOf(context, item, field));
    }
  }
}

// ---- The larger fields, each in a file of its own ------------------------------------------------------------------

void WriteVolumes(const ServiceContext& context, const Entry& entry);
void WriteConfigs(const ServiceContext& context, const Entry& entry);
void WriteSecrets(const ServiceContext& context, const Entry& entry);
void WriteBuild(const ServiceContext& context, const Entry& entry);

}  // namespace safe_docker::compose
