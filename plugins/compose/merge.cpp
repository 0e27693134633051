#include "merge.hpp"

#include <string>
#include <unordered_map>

#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::size_t kMaxMergedEntries = 2000000;
constexpr std::size_t kFewEntries = 16;

// Finds the place of keys in a map that grows at its end.
class Index {
 public:
  explicit Index(std::vector<Entry>& entries) : entries_(entries) {
    if (entries_.size() > kFewEntries) {
      for (std::size_t place = 0; place < entries_.size(); ++place) {
        places_.emplace(entries_[place].key, place);
      }
    }
  }

  Entry* Find(std::string_view key) {
    if (entries_.size() > kFewEntries && !places_.empty()) {
      const auto found = places_.find(key);
      return found == places_.end() ? nullptr : &entries_[found->second];
    }
    for (Entry& entry : entries_) {
      if (entry.key == key) {
        return &entry;
      }
    }
    return nullptr;
  }

  void Add(const Entry& entry) {
    entries_.push_back(entry);
    if (entries_.size() == kFewEntries + 1) {
      for (std::size_t place = 0; place < entries_.size(); ++place) {
        places_.emplace(entries_[place].key, place);
      }
    } else if (entries_.size() > kFewEntries) {
      places_.emplace(entry.key, entries_.size() - 1);
    }
  }

 private:
  std::vector<Entry>& entries_;
  std::unordered_map<std::string_view, std::size_t> places_;
};

}  // namespace

// Settings whose merging differs from "maps recursively, lists appended, scalars replaced". What nobody here reads is
// replaced, whatever compose does with it.
const Merger::Shape Merger::kShapes[] = {
    {Level::kModel, "services", Rule::kDeep, Level::kServices},
    {Level::kModel, "include", Rule::kReplace, Level::kOther},
    {Level::kModel, "version", Rule::kReplace, Level::kOther},
    {Level::kModel, "name", Rule::kReplace, Level::kOther},
    {Level::kService, "extends", Rule::kSkip, Level::kOther},
    {Level::kService, "build", Rule::kBuild, Level::kBuild},
    {Level::kService, "healthcheck", Rule::kDeep, Level::kHealthcheck},
    {Level::kService, "ulimits", Rule::kDeep, Level::kUlimits},
    {Level::kService, "deploy", Rule::kDeep, Level::kDeploy},
    {Level::kService, "logging", Rule::kLogging, Level::kOther},
    {Level::kService, "command", Rule::kReplace, Level::kOther},
    {Level::kService, "entrypoint", Rule::kReplace, Level::kOther},
    {Level::kService, "environment", Rule::kReplace, Level::kOther},
    {Level::kService, "labels", Rule::kReplace, Level::kOther},
    {Level::kService, "dns", Rule::kReplace, Level::kOther},
    {Level::kService, "dns_opt", Rule::kReplace, Level::kOther},
    {Level::kService, "dns_search", Rule::kReplace, Level::kOther},
    {Level::kService, "tmpfs", Rule::kReplace, Level::kOther},
    {Level::kService, "credential_spec", Rule::kReplace, Level::kOther},
    {Level::kService, "expose", Rule::kReplace, Level::kOther},
    {Level::kService, "annotations", Rule::kList, Level::kOther},
    {Level::kService, "sysctls", Rule::kList, Level::kOther},
    {Level::kService, "extra_hosts", Rule::kList, Level::kOther},
    {Level::kService, "env_file", Rule::kList, Level::kOther},
    {Level::kService, "label_file", Rule::kList, Level::kOther},
    {Level::kService, "gpus", Rule::kList, Level::kOther},
    {Level::kService, "depends_on", Rule::kMap, Level::kOther},
    {Level::kService, "networks", Rule::kMap, Level::kOther},
    {Level::kService, "models", Rule::kMap, Level::kOther},
    {Level::kBuild, "args", Rule::kList, Level::kOther},
    {Level::kBuild, "labels", Rule::kReplace, Level::kOther},
    {Level::kBuild, "additional_contexts", Rule::kList, Level::kOther},
    {Level::kBuild, "extra_hosts", Rule::kList, Level::kOther},
    {Level::kBuild, "ssh", Rule::kList, Level::kOther},
    {Level::kBuild, "ulimits", Rule::kReplace, Level::kOther},
    {Level::kHealthcheck, "test", Rule::kReplace, Level::kOther},
    {Level::kDeploy, "labels", Rule::kReplace, Level::kOther},
};

Merger::Shape Merger::ShapeOf(Level level, std::string_view key) {
  if (level == Level::kServices) {
    return {level, key, Rule::kDeep, Level::kService};
  }
  if (level == Level::kUlimits || (key.starts_with("x-") && level != Level::kOther)) {
    return {level, key, Rule::kReplace, Level::kOther};
  }
  if (level != Level::kOther) {
    for (const Shape& shape : kShapes) {
      if (shape.level == level && shape.key == key) {
        return shape;
      }
    }
  }
  return {level, key, Rule::kDeep, Level::kOther};
}

void Merger::Count(const Node& place, std::size_t entries) {
  count_ += entries;
  if (count_ > kMaxMergedEntries) {
    FailAt(place, "extends, includes and overrides make the project too large");
  }
}

const Node* Merger::WithEntries(const Node& map, const std::vector<Entry>& entries) {
  Count(map, entries.size());
  Node node = map;
  node.entries = arena_.Copy(std::span<const Entry>(entries));
  node.weight = 1;
  for (const Entry& entry : entries) {
    node.weight += entry.value->weight;
  }
  return arena_.Make(node);
}

const Node* Merger::Models(const Node* earlier, const Node* later) {
  return Merge(earlier, later, {Level::kOther, {}, Rule::kDeep, Level::kModel}, "the file");
}

const Node* Merger::Services(const Node* earlier, const Node* later) {
  return Merge(earlier, later, {Level::kServices, {}, Rule::kDeep, Level::kService}, "the service");
}

const Node* Merger::Merge(const Node* earlier, const Node* later, const Shape& shape, std::string_view key) {
  if (earlier == nullptr || later == nullptr) {
    return earlier == nullptr ? later : earlier;
  }
  if (later->tag != Tag::kNone) {
    return later;
  }
  if (earlier->tag == Tag::kReset) {
    Node node = *later;
    node.tag = Tag::kOverride;
    return arena_.Make(node);
  }
  if (later->IsNull() || earlier->IsNull()) {
    return later->IsNull() ? earlier : later;
  }
  const Tag tag = earlier->tag;
  const auto keep_tag = [&](const Node* merged) {
    if (tag == Tag::kNone || merged == earlier) {
      return merged;
    }
    Node node = *merged;
    node.tag = tag;
    return static_cast<const Node*>(arena_.Make(node));
  };
  switch (shape.rule) {
    case Rule::kReplace:
    case Rule::kSkip:
      return keep_tag(later);
    case Rule::kBuild:
      return keep_tag(Maps(*ToBuild(*earlier), *ToBuild(*later), shape.inner));
    case Rule::kMap:
      return keep_tag(Maps(*ToMap(*earlier), *ToMap(*later), shape.inner));
    case Rule::kLogging:
      return keep_tag(Logging(*earlier, *later));
    case Rule::kList:
      if (!earlier->IsMap() || !later->IsMap()) {
        return keep_tag(Lists(*ToList(*earlier), *ToList(*later)));
      }
      break;
    case Rule::kDeep:
      break;
  }
  if (earlier->IsMap() && later->IsMap()) {
    return keep_tag(Maps(*earlier, *later, shape.inner));
  }
  if (earlier->IsList() && later->IsList()) {
    return keep_tag(Lists(*earlier, *later));
  }
  if (earlier->IsScalar() && later->IsScalar()) {
    return keep_tag(later);
  }
  FailAt(*later, "cannot override " + std::string(key) + ": the earlier value is of another type (" +
                     std::string(earlier->source->path) + ":" + std::to_string(earlier->line) + ")");
}

const Node* Merger::Maps(const Node& earlier, const Node& later, Level level) {
  if (!earlier.IsMap() || !later.IsMap()) {
    FailAt(later, "cannot override a map with another type");
  }
  std::vector<Entry> entries;
  entries.reserve(earlier.entries.size() + later.entries.size());
  for (const Entry& entry : earlier.entries) {
    if (ShapeOf(level, entry.key).rule != Rule::kSkip) {
      entries.push_back(entry);
    }
  }
  Index index(entries);
  for (const Entry& entry : later.entries) {
    const Shape shape = ShapeOf(level, entry.key);
    if (shape.rule == Rule::kSkip) {
      continue;
    }
    Entry* below = index.Find(entry.key);
    if (below == nullptr) {
      index.Add(entry);
      continue;
    }
    const Node* merged = Merge(below->value, entry.value, shape, entry.key);
    if (merged != below->value) {
      *below = {entry.key, merged, entry.line, entry.column};
    }
  }
  return WithEntries(later, entries);
}

const Node* Merger::Lists(const Node& earlier, const Node& later) {
  std::vector<Entry> entries(earlier.entries.begin(), earlier.entries.end());
  entries.insert(entries.end(), later.entries.begin(), later.entries.end());
  return WithEntries(later, entries);
}

const Node* Merger::Text(const Node& place, std::string_view text) {
  Node node = place;
  node.kind = Kind::kString;
  node.entries = {};
  node.text = arena_.Copy(text);
  node.written = node.text;
  return arena_.Make(node);
}

// A single value is a list of one; a map is a list of "key=value".
const Node* Merger::ToList(const Node& node) {
  if (node.IsList()) {
    return &node;
  }
  std::vector<Entry> items;
  if (!node.IsMap()) {
    items.push_back({{}, &node, node.line, node.column});
  }
  const auto add = [&](const Entry& entry, const Node& value) {
    std::string text(entry.key);
    if (!value.IsNull()) {
      text += '=';
      text += value.text;
    }
    items.push_back({{}, Text(value, text), entry.line, entry.column});
  };
  for (const Entry& entry : node.entries) {
    if (!entry.value->IsList()) {
      add(entry, *entry.value);
      continue;
    }
    for (const Entry& value : entry.value->entries) {
      add(entry, *value.value);
    }
  }
  Node list = node;
  list.kind = Kind::kList;
  return WithEntries(list, items);
}

// A list of names is a map of them to nothing.
const Node* Merger::ToMap(const Node& node) {
  if (!node.IsList()) {
    return &node;
  }
  std::vector<Entry> entries;
  for (const Entry& item : node.entries) {
    Node nothing = *item.value;
    nothing.kind = Kind::kNull;
    entries.push_back({item.value->text, arena_.Make(nothing), item.line, item.column});
  }
  Node map = node;
  map.kind = Kind::kMap;
  return WithEntries(map, entries);
}

const Node* Merger::ToBuild(const Node& node) {
  if (!node.IsScalar()) {
    return &node;
  }
  Node map = node;
  map.kind = Kind::kMap;
  return WithEntries(map, {{"context", &node, node.line, node.column}});
}

// The options of another driver are not mixed.
const Node* Merger::Logging(const Node& earlier, const Node& later) {
  const Node* before = FindNode(earlier, "driver");
  const Node* after = FindNode(later, "driver");
  const bool is_same = before == nullptr || after == nullptr || before->text == after->text;
  return is_same ? Maps(earlier, later, Level::kOther) : &later;
}

const Node* Merger::WithoutTags(const Node* node) {
  Count(*node, 1);
  std::vector<Entry> entries;
  bool is_changed = node->tag != Tag::kNone;
  for (const Entry& entry : node->entries) {
    if (entry.value->tag == Tag::kReset) {
      is_changed = true;
      continue;
    }
    const Node* value = WithoutTags(entry.value);
    is_changed = is_changed || value != entry.value;
    entries.push_back({entry.key, value, entry.line, entry.column});
  }
  if (!is_changed) {
    return node;
  }
  Node result = *node;
  result.tag = Tag::kNone;
  return WithEntries(result, entries);
}

}  // namespace safe_docker::compose
