#include "merge.hpp"

#include <safe_docker/checker.hpp>
#include <string>
#include <unordered_map>

#include "volume_spec.hpp"
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

// Settings that differ from "maps recursively, lists appended, scalars replaced", or whose lists hold each thing once.
// The key "*" stands for every one.
const Merger::Shape Merger::kShapes[] = {
    {Level::kModel, "services", Rule::kDeep, Level::kServices, Identity::kNone},
    {Level::kModel, "networks", Rule::kDeep, Level::kResources, Identity::kNone},
    {Level::kModel, "volumes", Rule::kDeep, Level::kResources, Identity::kNone},
    {Level::kModel, "include", Rule::kReplace, Level::kOther, Identity::kNone},
    {Level::kServices, "*", Rule::kDeep, Level::kService, Identity::kNone},
    {Level::kService, "extends", Rule::kSkip, Level::kOther, Identity::kNone},
    {Level::kService, "build", Rule::kBuild, Level::kBuild, Identity::kNone},
    {Level::kService, "healthcheck", Rule::kDeep, Level::kHealthcheck, Identity::kNone},
    {Level::kService, "ulimits", Rule::kDeep, Level::kReplaced, Identity::kNone},
    {Level::kService, "deploy", Rule::kDeep, Level::kDeploy, Identity::kNone},
    {Level::kService, "logging", Rule::kLogging, Level::kOther, Identity::kNone},
    {Level::kService, "command", Rule::kReplace, Level::kOther, Identity::kNone},
    {Level::kService, "entrypoint", Rule::kReplace, Level::kOther, Identity::kNone},
    {Level::kService, "environment", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kService, "labels", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kService, "annotations", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kService, "sysctls", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kService, "dns", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kService, "dns_opt", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kService, "dns_search", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kService, "tmpfs", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kService, "env_file", Rule::kPairs, Level::kReplaced, Identity::kPath},
    {Level::kService, "label_file", Rule::kPairs, Level::kReplaced, Identity::kNone},
    {Level::kService, "gpus", Rule::kPairs, Level::kReplaced, Identity::kNone},
    {Level::kService, "extra_hosts", Rule::kAddresses, Level::kOther, Identity::kText},
    {Level::kService, "cap_add", Rule::kDeep, Level::kOther, Identity::kKey},
    {Level::kService, "cap_drop", Rule::kDeep, Level::kOther, Identity::kKey},
    {Level::kService, "expose", Rule::kDeep, Level::kOther, Identity::kText},
    {Level::kService, "links", Rule::kDeep, Level::kOther, Identity::kKey},
    {Level::kService, "profiles", Rule::kDeep, Level::kOther, Identity::kKey},
    {Level::kService, "volumes", Rule::kDeep, Level::kOther, Identity::kVolume},
    {Level::kService, "devices", Rule::kDeep, Level::kOther, Identity::kDevice},
    {Level::kService, "configs", Rule::kDeep, Level::kOther, Identity::kConfig},
    {Level::kService, "secrets", Rule::kDeep, Level::kOther, Identity::kSecret},
    {Level::kService, "ports", Rule::kDeep, Level::kOther, Identity::kPort},
    {Level::kService, "depends_on", Rule::kDependencies, Level::kOther, Identity::kNone},
    {Level::kService, "networks", Rule::kNames, Level::kAttachments, Identity::kNone},
    {Level::kService, "models", Rule::kNames, Level::kOther, Identity::kNone},
    {Level::kAttachments, "*", Rule::kDeep, Level::kAttachment, Identity::kNone},
    {Level::kAttachment, "aliases", Rule::kDeep, Level::kOther, Identity::kKey},
    {Level::kAttachment, "link_local_ips", Rule::kDeep, Level::kOther, Identity::kKey},
    {Level::kBuild, "args", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kBuild, "labels", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kBuild, "additional_contexts", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kBuild, "extra_hosts", Rule::kAddresses, Level::kOther, Identity::kText},
    {Level::kBuild, "ssh", Rule::kPairs, Level::kReplaced, Identity::kNone},
    {Level::kBuild, "tags", Rule::kDeep, Level::kOther, Identity::kKey},
    {Level::kHealthcheck, "test", Rule::kReplace, Level::kOther, Identity::kNone},
    {Level::kDeploy, "labels", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kResources, "*", Rule::kDeep, Level::kResource, Identity::kNone},
    {Level::kResource, "labels", Rule::kPairs, Level::kReplaced, Identity::kKey},
    {Level::kResource, "ipam", Rule::kDeep, Level::kIpam, Identity::kNone},
    {Level::kIpam, "config", Rule::kSubnets, Level::kOther, Identity::kNone},
    {Level::kReplaced, "*", Rule::kReplace, Level::kOther, Identity::kNone},
};

Merger::Shape Merger::ShapeOf(Level level, std::string_view key) {
  if (level != Level::kOther) {
    for (const Shape& shape : kShapes) {
      if (shape.level == level && (shape.key == key || shape.key == "*")) {
        return shape;
      }
    }
  }
  return {level, key, Rule::kDeep, Level::kOther, Identity::kNone};
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
  return Merge(earlier, later, {Level::kOther, {}, Rule::kDeep, Level::kModel, Identity::kNone}, "the file");
}

const Node* Merger::Services(const Node* earlier, const Node* later) {
  return Merge(earlier, later, {Level::kServices, {}, Rule::kDeep, Level::kService, Identity::kNone}, "the service");
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
  if (later->IsNull() && shape.rule != Rule::kReplace) {
    return earlier;
  }
  const Node* merged = earlier->IsNull() ? later : Combine(*earlier, *later, shape, key);
  if (earlier->tag == Tag::kNone || merged == earlier || merged->tag != Tag::kNone) {
    return merged;
  }
  Node node = *merged;
  node.tag = earlier->tag;
  return arena_.Make(node);
}

const Node* Merger::Combine(const Node& earlier, const Node& later, const Shape& shape, std::string_view key) {
  switch (shape.rule) {
    case Rule::kReplace:
    case Rule::kSkip:
      return &later;
    case Rule::kBuild:
      return Maps(*ToBuild(earlier), *ToBuild(later), shape.inner);
    case Rule::kNames:
      return Maps(*ToMap(earlier, {}), *ToMap(later, {}), shape.inner);
    case Rule::kDependencies:
      return Maps(*ToDependencies(earlier), *ToDependencies(later), shape.inner);
    case Rule::kLogging:
      return Logging(earlier, later);
    case Rule::kSubnets:
      return Subnets(earlier, later);
    case Rule::kAddresses:
      return Lists(*ToList(earlier), *ToList(later));
    case Rule::kPairs:
      return earlier.IsMap() && later.IsMap() ? Maps(earlier, later, shape.inner)
                                              : Lists(*ToList(earlier), *ToList(later));
    case Rule::kDeep:
      break;
  }
  if (earlier.IsMap() && later.IsMap()) {
    return Maps(earlier, later, shape.inner);
  }
  if (earlier.IsList() && later.IsList()) {
    return Lists(earlier, later);
  }
  if (earlier.IsScalar()) {
    return &later;
  }
  FailAt(later, "cannot override " + std::string(key) + ": the earlier value is of another type (" +
                    std::string(earlier.source->path) + ":" + std::to_string(earlier.line) + ")");
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

// A list of names is a map of them to nothing, or to `settings`.
const Node* Merger::ToMap(const Node& node, std::span<const Entry> settings) {
  if (!node.IsList()) {
    return &node;
  }
  std::vector<Entry> entries;
  for (const Entry& item : node.entries) {
    Node value = *item.value;
    value.kind = settings.empty() ? Kind::kNull : Kind::kMap;
    value.entries = settings;
    value.weight += settings.size();
    entries.push_back({item.value->text, arena_.Make(value), item.line, item.column});
  }
  Node map = node;
  map.kind = Kind::kMap;
  return WithEntries(map, entries);
}

// A name alone stands for what must have been started.
const Node* Merger::ToDependencies(const Node& node) {
  if (!node.IsList()) {
    return &node;
  }
  Node required = *Text(node, "true");
  required.kind = Kind::kBoolean;
  const Entry settings[] = {{"condition", Text(node, "service_started"), node.line, node.column},
                            {"required", arena_.Make(required), node.line, node.column}};
  return ToMap(node, arena_.Copy(std::span<const Entry>(settings)));
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

// Settings for the same subnet are merged, others appended.
const Node* Merger::Subnets(const Node& earlier, const Node& later) {
  if (!earlier.IsList() || !later.IsList()) {
    FailAt(later, "ipam.config must be a list");
  }
  std::vector<Entry> entries(earlier.entries.begin(), earlier.entries.end());
  std::unordered_map<std::string_view, std::size_t> places;
  const auto subnet_of = [](const Entry& entry) {
    const Node* subnet = FindNode(*entry.value, "subnet");
    return subnet == nullptr ? std::string_view{} : subnet->text;
  };
  for (std::size_t place = 0; place < entries.size(); ++place) {
    places.emplace(subnet_of(entries[place]), place);
  }
  for (const Entry& entry : later.entries) {
    const auto found = places.find(subnet_of(entry));
    if (found == places.end()) {
      entries.push_back(entry);
    } else {
      entries[found->second].value = Maps(*entries[found->second].value, *entry.value, Level::kOther);
    }
  }
  return WithEntries(later, entries);
}

// ---- What lists hold once ------------------------------------------------------------------------------------------

std::string_view Merger::KeyOf(const Entry& item, Identity identity) {
  const Node& value = *item.value;
  const auto text_of = [&](std::string_view key) {
    const Node* node = FindNode(value, key);
    return node == nullptr ? std::string_view{} : node->text;
  };
  std::string key;
  switch (identity) {
    case Identity::kNone:
    case Identity::kText:
      return value.text;
    case Identity::kKey:
      return value.text.substr(0, value.text.find('='));
    case Identity::kVolume:
      // compose cleans the target of the short syntax alone.
      return value.IsMap() ? text_of("target") : VolumeKey(VolumeTarget(value.text), arena_);
    case Identity::kDevice: {
      const std::size_t colon = value.text.find(':');
      const std::string_view target = colon == std::string_view::npos ? value.text : value.text.substr(colon + 1);
      return value.IsMap() ? text_of("target") : target.substr(0, target.find(':'));
    }
    case Identity::kConfig:
    case Identity::kSecret:
      if (value.IsMap() && !text_of("target").empty()) {
        return text_of("target");
      }
      key = identity == Identity::kSecret ? "/run/secrets/" : "/";
      key += value.IsMap() ? text_of("source") : value.text;
      return arena_.Copy(key);
    case Identity::kPort:
      if (!value.IsMap()) {
        return value.text;
      }
      for (const std::string_view part : {"host_ip", "published", "target", "protocol"}) {
        key += text_of(part);
        key += ' ';
      }
      return arena_.Copy(key);
    case Identity::kPath:
      // The same path means another file in another folder.
      key = value.source->folder;
      key += ' ';
      key += value.IsMap() ? text_of("path") : value.text;
      return arena_.Copy(key);
  }
  return {};
}

// Of several items with the same key the last one counts, in the place of the first.
const Node* Merger::UniqueItems(const Node& list, Identity identity) {
  std::vector<Entry> entries;
  entries.reserve(list.entries.size());
  std::vector<Entry> keys;  // by the places of `entries`
  Index index(keys);
  for (const Entry& item : list.entries) {
    const bool is_taken_away = item.value->tag == Tag::kReset;
    const std::string_view key = is_taken_away ? std::string_view{} : KeyOf(item, identity);
    // What has no target, or one that is not known, is nobody's double.
    const bool may_be_double = !is_taken_away && plugin::IsKnown(key) && (!key.empty() || identity == Identity::kKey);
    if (const Entry* found = may_be_double ? index.Find(key) : nullptr) {
      entries[static_cast<std::size_t>(found - keys.data())] = item;
      continue;
    }
    index.Add({key, nullptr, 0, 0});
    entries.push_back(item);
  }
  return entries.size() == list.entries.size() ? &list : WithEntries(list, entries);
}

const Node* Merger::UniqueIn(const Node& map, Level level) {
  std::vector<Entry> entries;
  for (std::size_t place = 0; place < map.entries.size(); ++place) {
    const Entry& entry = map.entries[place];
    const Node& value = *entry.value;
    const Node* unique = &value;
    if (value.IsMap() || (value.IsList() && value.entries.size() > 1)) {
      const Shape shape = ShapeOf(level, entry.key);
      if (value.IsMap() && shape.inner != Level::kOther && shape.inner != Level::kReplaced) {
        unique = UniqueIn(value, shape.inner);
      } else if (value.IsList() && shape.identity != Identity::kNone) {
        unique = UniqueItems(value, shape.identity);
      }
    }
    if (unique != &value && entries.empty()) {
      entries.assign(map.entries.begin(), map.entries.end());
    }
    if (unique != &value) {
      entries[place].value = unique;
    }
  }
  return entries.empty() ? &map : WithEntries(map, entries);
}

const Node* Merger::Unique(const Node* model) { return model == nullptr ? nullptr : UniqueIn(*model, Level::kModel); }

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
