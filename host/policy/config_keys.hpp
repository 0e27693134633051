// Every key of the configuration, one row each: its type, what it means in words and as JSON Schema, its default, and
// what takes its value. The reader, the schema, the commented sample and the documentation are made from this table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "policy/config_reader.hpp"

namespace safe_docker::policy {

enum class Shape : std::uint8_t {
  kText,
  kFlag,
  kInteger,
  kTexts,
  kTextOrTexts,
  kTable,   // with keys of the user's choice
  kTables,  // [[name]]
};

struct Key {
  std::string_view name;  // with its table in front: "audit.format"
  Shape shape;
  void (*take)(const toml::node& node, std::string_view key, Reader* reader);
  // JSON Schema of the value, without its description.
  std::string_view schema;
  // The default, or an example where there is none, as TOML: what stands behind "=", or the lines of a table.
  std::string_view sample;
  std::string_view description;
};

// In alphabetical order.
std::span<const Key> Keys();

// The tables with keys of their own ("audit"), and "plugins".
std::span<const std::string_view> Tables();

// What config_keys.cpp has no room for: policy in the narrower sense.
void TakeProfile(const toml::node& node, std::string_view key, Reader* reader);
void TakeProfileVersion(const toml::node& node, std::string_view key, Reader* reader);
void TakeEnforce(const toml::node& node, std::string_view key, Reader* reader);
void TakeWarn(const toml::node& node, std::string_view key, Reader* reader);
void TakeAudit(const toml::node& node, std::string_view key, Reader* reader);
void TakeDecisions(const toml::node& node, std::string_view key, Reader* reader);
void TakeExceptions(const toml::node& node, std::string_view key, Reader* reader);
void TakeLists(const toml::node& node, std::string_view key, Reader* reader);
void TakeRules(const toml::node& node, std::string_view key, Reader* reader);

// A plugin's table, [plugins.ID].
void ReadPlugin(std::string_view id, const toml::node& node, Reader* reader);

}  // namespace safe_docker::policy
