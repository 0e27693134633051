// How compose lays one model over another: files, documents, includes and extends all use these rules. Results share
// the nodes of both sides; nothing is copied that did not change. What !reset took away stays as a mark, so that it
// also takes effect on what the result is laid over in turn; Find and ForEachItem do not show it.
#pragma once

#include <cstddef>

#include "yaml.hpp"

namespace safe_docker::compose {

class Merger {
 public:
  explicit Merger(Arena& arena) : arena_(arena) {}

  // `later` on top of `earlier`, either of which may be null: whole models.
  const Node* Models(const Node* earlier, const Node* later);
  // Single services; what `later` extends does not show in the result.
  const Node* Services(const Node* earlier, const Node* later);
  // `node` without what is marked as taken away, and without marks.
  const Node* WithoutTags(const Node* node);
  // `map` with other entries.
  const Node* WithEntries(const Node& map, const std::vector<Entry>& entries);

 private:
  enum class Level : std::uint8_t { kModel, kServices, kService, kBuild, kHealthcheck, kUlimits, kDeploy, kOther };
  enum class Rule : std::uint8_t { kDeep, kReplace, kList, kMap, kBuild, kLogging, kSkip };
  struct Shape {
    Level level;
    std::string_view key;
    Rule rule;
    Level inner;
  };
  static const Shape kShapes[];

  static Shape ShapeOf(Level level, std::string_view key);
  const Node* Merge(const Node* earlier, const Node* later, const Shape& shape, std::string_view key);
  const Node* Maps(const Node& earlier, const Node& later, Level level);
  const Node* Lists(const Node& earlier, const Node& later);
  const Node* ToList(const Node& node);
  const Node* ToMap(const Node& node);
  const Node* ToBuild(const Node& node);
  const Node* Logging(const Node& earlier, const Node& later);
  const Node* Text(const Node& place, std::string_view text);
  void Count(const Node& place, std::size_t entries);

  Arena& arena_;
  std::size_t count_ = 0;
};

}  // namespace safe_docker::compose
