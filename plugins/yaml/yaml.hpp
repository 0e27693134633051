// YAML as Go's programs read it, on top of libyaml's events: a small tree whose nodes know their place, with aliases
// shared instead of copied, merge keys resolved, duplicate keys refused and, where a dialect says so, variables
// replaced as values are read. Bounds keep the cost linear: depth, and the number of nodes after aliases are expanded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arena.hpp"

namespace safe_docker::yaml {

inline constexpr std::size_t kMaxFileSize = std::size_t{1} << 20;
inline constexpr int kMaxDepth = 64;
inline constexpr std::uint64_t kMaxNodes = 100000;

// The file that a node comes from, and the folder that relative paths in it count from.
struct Source {
  std::string_view path;
  std::string_view folder;
};

enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kString, kList, kMap };

// compose's tags for merging: !reset takes away what was loaded before, !override replaces it.
enum class Tag : std::uint8_t { kNone, kReset, kOverride };

struct Node;

// An item of a map, or of a list (then the key is empty). The place is that of the key or the item.
struct Entry {
  std::string_view key;
  const Node* value = nullptr;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Node {
  Kind kind = Kind::kNull;
  Tag tag = Tag::kNone;
  bool is_complete = true;  // false while its own items are being read
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint64_t weight = 1;  // nodes in this tree, aliases expanded
  const Source* source = nullptr;
  std::string_view text;     // of a scalar, variables replaced
  std::string_view written;  // the same before that
  std::span<const Entry> entries;

  bool IsMap() const { return kind == Kind::kMap; }
  bool IsList() const { return kind == Kind::kList; }
  bool IsNull() const { return kind == Kind::kNull; }
  bool IsScalar() const { return kind == Kind::kString || kind == Kind::kNumber || kind == Kind::kBoolean; }
};

// The entry with that key, or null. Sees what !reset took away as well.
const Entry* FindRaw(const Node& map, std::string_view key);

// The entry with that key, or null if there is none, it holds null, or `map` is no map.
const Entry* Find(const Node& map, std::string_view key);

// The node of that entry, or null.
inline const Node* FindNode(const Node& map, std::string_view key) {
  const Entry* entry = Find(map, key);
  return entry == nullptr ? nullptr : entry->value;
}

struct Documents {
  std::vector<const Node*> roots;
  bool has_tags = false;  // a !reset or !override stands somewhere
};

// What differs between the programs that read YAML.
struct Dialect {
  bool has_merge_tags = false;        // !reset and !override mean something
  bool takes_any_scalar_key = false;  // 80 and true are keys, too
  // Hands each text with this character to `replace`, with the node that it stands in.
  char marker = '\0';
  std::string (*replace)(const void* context, std::string_view text, const Node& node) = nullptr;
  const void* context = nullptr;
};

// Reads every document of `content`. Throws Failure with the place and what is wrong.
Documents ReadYaml(std::string_view content, const Source& source, const Dialect& dialect, Arena& arena);

// Fails at the place of `entry` or `node`.
[[noreturn]] void FailAt(const Entry& entry, std::string_view message);
[[noreturn]] void FailAt(const Node& node, std::string_view message);

}  // namespace safe_docker::yaml
