// How compose lays one model over another: files, documents, includes and extends all use these rules. Results share
// the nodes of both sides; nothing is copied that did not change. What !reset took away stays as a mark, so that it
// also takes effect on what the result is laid over in turn; Find and ForEachItem do not show it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "yaml.hpp"

namespace safe_docker::compose {

class Merger {
 public:
  explicit Merger(Arena& arena) : arena_(arena) {}

  // `later` on top of `earlier`, either of which may be null: whole models.
  const Node* Models(const Node* earlier, const Node* later);
  // Single services; what `later` extends does not show in the result.
  const Node* Services(const Node* earlier, const Node* later);
  // `model` with lists that hold each thing once: of several volumes with one target, of several values for one
  // variable and so on the last counts.
  const Node* Unique(const Node* model);
  // `node` without what is marked as taken away, and without marks.
  const Node* WithoutTags(const Node* node);
  // `map` with other entries.
  const Node* WithEntries(const Node& map, const std::vector<Entry>& entries);

 private:
  enum class Level : std::uint8_t {
    kModel,
    kServices,
    kService,
    kBuild,
    kHealthcheck,
    kDeploy,
    kAttachments,  // of a service to networks
    kAttachment,
    kResources,  // top-level networks and volumes
    kResource,
    kIpam,
    kReplaced,  // each value as a whole, even by nothing
    kOther
  };
  enum class Rule : std::uint8_t {
    kDeep,
    kReplace,  // even by nothing
    kSkip,
    kPairs,      // "key=value" and maps, or single values and lists
    kAddresses,  // the same, but one key may have several values
    kNames,      // lists of names and maps by name
    kDependencies,
    kBuild,
    kLogging,
    kSubnets
  };
  // What makes an item of a list the same as another one.
  enum class Identity : std::uint8_t { kNone, kText, kKey, kPath, kVolume, kDevice, kConfig, kSecret, kPort };
  struct Shape {
    Level level;
    std::string_view key;
    Rule rule;
    Level inner;
    Identity identity;
  };
  static const Shape kShapes[];

  static Shape ShapeOf(Level level, std::string_view key);
  const Node* Merge(const Node* earlier, const Node* later, const Shape& shape, std::string_view key);
  const Node* Combine(const Node& earlier, const Node& later, const Shape& shape, std::string_view key);
  const Node* Maps(const Node& earlier, const Node& later, Level level);
  const Node* Lists(const Node& earlier, const Node& later);
  const Node* ToList(const Node& node);
  const Node* ToMap(const Node& node, std::span<const Entry> settings);
  const Node* ToDependencies(const Node& node);
  const Node* ToBuild(const Node& node);
  const Node* Logging(const Node& earlier, const Node& later);
  const Node* Subnets(const Node& earlier, const Node& later);
  std::string_view KeyOf(const Entry& item, Identity identity);
  const Node* UniqueItems(const Node& list, Identity identity);
  const Node* UniqueIn(const Node& map, Level level);
  const Node* Text(const Node& place, std::string_view text);
  void Count(const Node& place, std::size_t entries);

  Arena& arena_;
  std::size_t count_ = 0;
};

}  // namespace safe_docker::compose
