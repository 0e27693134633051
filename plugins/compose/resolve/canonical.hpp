// The canonical form of a model, as `docker compose config` has it: each setting in one form, whatever way it is
// written. Which form a setting has is a table (fields.cpp); an engine walks the model by it. What no table names stays
// as it is.
#pragma once

#include <span>
#include <string_view>

#include "value.hpp"
#include "variables.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// What forms need beside the setting itself.
struct Surroundings {
  const Variables& variables;
  std::string_view home;
};

struct CanonicalField;

// Makes the canonical form of `node`, which is neither null nor taken away. `inner` is that of the field.
using Form = Value (*)(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner);

enum class WhenEmpty : std::uint8_t { kDrop, kKeep };

struct CanonicalField {
  std::string_view name;
  Form form;
  std::span<const CanonicalField> inner = {};
  WhenEmpty when_empty = WhenEmpty::kDrop;
};

// The tables, in the order in which compose prints the fields.
std::span<const CanonicalField> ServiceFields();
std::span<const CanonicalField> NetworkFields();
std::span<const CanonicalField> VolumeFields();
std::span<const CanonicalField> FileFields();  // of configs and secrets
std::span<const CanonicalField> ModelFields();

// The fields of a map, in the order of the table, then what the table does not name.
Value Fields(const Surroundings& around, const Node& map, std::span<const CanonicalField> fields);

// Sets `key` of a map that Fields made, at the place that the table has for it.
void SetInOrder(Value& map, std::span<const CanonicalField> fields, std::string_view key, Value value);

// ---- Forms -------------------------------------------------------------------------------------------------------

// As it stands, with numbers in decimal.
Value AsWritten(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner = {});
// A single value as a text.
Value Text(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner = {});
// "key=value" pairs, or a map, as a sorted map of texts.
Value Mapping(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner = {});

// The text of a scalar, numbers in decimal.
std::string TextOfScalar(const Node& node);

}  // namespace safe_docker::compose
