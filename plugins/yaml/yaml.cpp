#include "yaml.hpp"

#include <yaml.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "failure.hpp"
#include "scalars.hpp"

namespace safe_docker::yaml {
namespace {

// Up to this many keys are compared one by one, which is faster than hashing them.
constexpr std::size_t kFewKeys = 16;
constexpr std::string_view kBinaryTag = "tag:yaml.org,2002:binary";

std::string_view View(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

// One event of libyaml, given back at the end of its scope.
class Event {
 public:
  explicit Event(yaml_event_t raw) : raw_(raw) {}
  Event(Event&& other) noexcept : raw_(other.raw_) { other.raw_ = {}; }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&raw_); }

  const yaml_event_t* operator->() const { return &raw_; }
  std::uint32_t line() const { return static_cast<std::uint32_t>(raw_.start_mark.line + 1); }
  std::uint32_t column() const { return static_cast<std::uint32_t>(raw_.start_mark.column + 1); }

 private:
  yaml_event_t raw_;
};

Tag MergeTag(std::string_view tag) {
  return tag == "!reset" ? Tag::kReset : tag == "!override" ? Tag::kOverride : Tag::kNone;
}

class Reader {
 public:
  Reader(std::string_view content, const Source& source, const Dialect& dialect, Arena& arena)
      : source_(arena.Make(source)), dialect_(dialect), arena_(arena) {
    if (yaml_parser_initialize(&parser_) == 0) {
      FailUnreadable(source.path, "out of memory", {});
    }
    // libyaml takes no null pointer, not even for nothing.
    const char* bytes = content.empty() ? "" : content.data();
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(bytes), content.size());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { yaml_parser_delete(&parser_); }

  Documents Read() {
    while (true) {
      const Event event = Next();
      if (event->type == YAML_STREAM_END_EVENT) {
        return std::move(documents_);
      }
      if (event->type == YAML_DOCUMENT_START_EVENT) {
        documents_.roots.push_back(ReadNode(Next(), 0));
      }
    }
  }

 private:
  [[noreturn]] void Fail(const Event& event, std::string_view message) const {
    FailMalformed(source_->path, event.line(), event.column(), message);
  }

  Event Next() {
    yaml_event_t raw{};
    if (yaml_parser_parse(&parser_, &raw) == 0) {
      const bool has_mark = parser_.error != YAML_READER_ERROR && parser_.error != YAML_MEMORY_ERROR;
      std::string message = "yaml: ";
      message += parser_.problem == nullptr ? "cannot be read" : parser_.problem;
      if (parser_.context != nullptr) {
        message += std::string(" ") + parser_.context;
      }
      FailMalformed(source_->path, has_mark ? static_cast<std::uint32_t>(parser_.problem_mark.line + 1) : 0,
                    has_mark ? static_cast<std::uint32_t>(parser_.problem_mark.column + 1) : 0, message);
    }
    return Event(raw);
  }

  // Counts `nodes` more, so that what aliases and merge keys multiply is bounded.
  void Count(const Event& event, std::uint64_t nodes) {
    count_ += nodes;
    if (count_ > kMaxNodes) {
      Fail(event, "the file has more than 100000 values once its aliases are expanded");
    }
  }

  Node* MakeNode(const Event& event, const yaml_char_t* tag, const yaml_char_t* anchor) {
    Count(event, 1);
    Node node;
    node.line = event.line();
    node.column = event.column();
    node.source = source_;
    node.tag = dialect_.has_merge_tags ? MergeTag(View(tag)) : Tag::kNone;
    if (dialect_.has_merge_tags && View(tag) == "!merge") {
      Fail(event, "the tag !merge means different things to versions of compose: use !override with the whole value");
    }
    documents_.has_tags = documents_.has_tags || node.tag != Tag::kNone;
    Node* made = arena_.Make(node);
    if (anchor != nullptr) {
      anchors_.insert_or_assign(arena_.Copy(View(anchor)), made);
    }
    return made;
  }

  const Node* ReadNode(const Event& event, int depth) {
    if (depth > kMaxDepth) {
      Fail(event, "the file is nested more than 64 levels deep");
    }
    switch (event->type) {
      case YAML_ALIAS_EVENT:
        return ReadAlias(event);
      case YAML_SCALAR_EVENT:
        return ReadScalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return ReadList(event, depth);
      case YAML_MAPPING_START_EVENT:
        return ReadMap(event, depth);
      default:
        Fail(event, "yaml: a value is missing");
    }
  }

  const Node* ReadAlias(const Event& event) {
    const std::string_view name = View(event->data.alias.anchor);
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      Fail(event, "yaml: unknown anchor \"" + std::string(name.substr(0, 80)) + "\" referenced");
    }
    if (!found->second->is_complete) {
      Fail(event, "yaml: anchor \"" + std::string(name.substr(0, 80)) + "\" value contains itself");
    }
    Count(event, found->second->weight);
    return found->second;
  }

  const Node* ReadScalar(const Event& event) {
    const auto& scalar = event->data.scalar;
    Node* node = MakeNode(event, scalar.tag, scalar.anchor);
    const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const std::string_view tag = View(scalar.tag);
    const bool is_plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->kind = ScalarKind(text, tag, is_plain);
    node->written = arena_.Copy(text);
    node->text = node->written;
    if (node->kind == Kind::kNumber) {
      const std::string number = NumberText(text);
      node->text = number == text ? node->written : arena_.Copy(number);
    }
    if (tag == kBinaryTag) {
      std::string bytes;
      if (!DecodeBase64(text, &bytes)) {
        Fail(event, "yaml: !!binary value contains invalid base64 data");
      }
      node->text = arena_.Copy(bytes);
    }
    if (node->kind == Kind::kString && dialect_.replace != nullptr &&
        node->text.find(dialect_.marker) != std::string_view::npos) {
      node->text = Replace(event, *node);
    }
    return node;
  }

  std::string_view Replace(const Event& event, const Node& node) {
    const std::string replaced = dialect_.replace(dialect_.context, node.text, node);
    replaced_ += replaced.size();
    if (replaced_ > kMaxFileSize * 8) {
      Fail(event, "variables make the file larger than 8 MiB");
    }
    return arena_.Copy(replaced);
  }

  const Node* ReadList(const Event& start, int depth) {
    Node* node = MakeNode(start, start->data.sequence_start.tag, start->data.sequence_start.anchor);
    node->kind = Kind::kList;
    node->is_complete = false;
    const std::size_t first = scratch_.size();
    while (true) {
      const Event event = Next();
      if (event->type == YAML_SEQUENCE_END_EVENT) {
        break;
      }
      const Node* item = ReadNode(event, depth + 1);
      scratch_.push_back({{}, item, item->line, item->column});
    }
    Finish(node, first);
    return node;
  }

  const Node* ReadMap(const Event& start, int depth) {
    Node* node = MakeNode(start, start->data.mapping_start.tag, start->data.mapping_start.anchor);
    node->kind = Kind::kMap;
    node->is_complete = false;
    const std::size_t first = scratch_.size();
    const Node* merged = nullptr;
    while (true) {
      const Event event = Next();
      if (event->type == YAML_MAPPING_END_EVENT) {
        break;
      }
      if (IsMergeKey(event)) {
        if (merged != nullptr) {
          Fail(event, "yaml: mapping key \"<<\" already defined");
        }
        merged = ReadNode(Next(), depth + 1);
        ExpectMaps(event, *merged);
        continue;
      }
      const std::string_view key = ReadKey(event);
      const Node* value = ReadNode(Next(), depth + 1);
      scratch_.push_back({key, value, event.line(), event.column()});
    }
    RefuseDuplicates(first);
    if (merged != nullptr) {
      AddMerged(start, first, *merged);
    }
    Finish(node, first);
    return node;
  }

  static bool IsMergeKey(const Event& event) {
    if (event->type != YAML_SCALAR_EVENT) {
      return false;
    }
    const auto& scalar = event->data.scalar;
    const std::string_view tag = View(scalar.tag);
    const bool is_plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && (tag.empty() || tag == "!!merge");
    return View(scalar.value) == "<<" && (is_plain || tag == "tag:yaml.org,2002:merge");
  }

  std::string_view ReadKey(const Event& event) {
    if (event->type == YAML_ALIAS_EVENT) {
      const Node* node = ReadAlias(event);
      if (node->kind == Kind::kString || (dialect_.takes_any_scalar_key && node->IsScalar())) {
        return node->written;
      }
      Fail(event, "non-string key");
    }
    if (event->type != YAML_SCALAR_EVENT) {
      Fail(event, "non-string key");
    }
    const auto& scalar = event->data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (!dialect_.takes_any_scalar_key &&
        ScalarKind(text, View(scalar.tag), scalar.style == YAML_PLAIN_SCALAR_STYLE) != Kind::kString) {
      Fail(event, "non-string key \"" + std::string(text.substr(0, 80)) + "\": put it in quotes");
    }
    if (scalar.anchor != nullptr) {
      return ReadScalar(event)->written;
    }
    Count(event, 1);
    return arena_.Copy(text);
  }

  void RefuseDuplicates(std::size_t first) {
    const std::span<const Entry> entries = std::span(scratch_).subspan(first);
    std::unordered_set<std::string_view> seen;
    for (std::size_t index = 0; index < entries.size(); ++index) {
      const bool is_new = entries.size() <= kFewKeys
                              ? std::ranges::find(entries.first(index), entries[index].key, &Entry::key) ==
                                    entries.begin() + static_cast<std::ptrdiff_t>(index)
                              : seen.insert(entries[index].key).second;
      if (!is_new) {
        FailMalformed(source_->path, entries[index].line, entries[index].column,
                      "yaml: mapping key \"" + std::string(entries[index].key.substr(0, 80)) + "\" already defined");
      }
    }
  }

  void ExpectMaps(const Event& event, const Node& merged) const {
    const bool is_list_of_maps =
        merged.IsList() && std::ranges::all_of(merged.entries, [](const Entry& entry) { return entry.value->IsMap(); });
    if (!merged.IsMap() && !is_list_of_maps) {
      Fail(event, "yaml: map merge requires map or sequence of maps as the value");
    }
  }

  // Explicit keys win, then the first map of a list that has the key.
  void AddMerged(const Event& start, std::size_t first, const Node& merged) {
    std::unordered_set<std::string_view> seen;
    for (const Entry& entry : std::span(scratch_).subspan(first)) {
      seen.insert(entry.key);
    }
    const auto add = [&](const Node& map) {
      for (const Entry& entry : map.entries) {
        if (seen.insert(entry.key).second) {
          Count(start, entry.value->weight);
          scratch_.push_back(entry);
        }
      }
    };
    if (merged.IsMap()) {
      add(merged);
      return;
    }
    for (const Entry& entry : merged.entries) {
      add(*entry.value);
    }
  }

  void Finish(Node* node, std::size_t first) {
    node->entries = arena_.Copy(std::span<const Entry>(scratch_).subspan(first));
    scratch_.resize(first);
    for (const Entry& entry : node->entries) {
      node->weight += entry.value->weight;
    }
    node->is_complete = true;
  }

  const Source* source_;
  const Dialect& dialect_;
  Arena& arena_;
  yaml_parser_t parser_{};
  Documents documents_;
  std::vector<Entry> scratch_;
  std::unordered_map<std::string_view, const Node*> anchors_;
  std::uint64_t count_ = 0;
  std::size_t replaced_ = 0;
};

}  // namespace

const Entry* FindRaw(const Node& map, std::string_view key) {
  for (const Entry& entry : map.entries) {
    if (entry.key == key) {
      return &entry;
    }
  }
  return nullptr;
}

const Entry* Find(const Node& map, std::string_view key) {
  const Entry* entry = map.IsMap() ? FindRaw(map, key) : nullptr;
  return entry == nullptr || entry->value->IsNull() || entry->value->tag == Tag::kReset ? nullptr : entry;
}

Documents ReadYaml(std::string_view content, const Source& source, const Dialect& dialect, Arena& arena) {
  return Reader(content, source, dialect, arena).Read();
}

void FailAt(const Entry& entry, std::string_view message) {
  FailMalformed(entry.value->source->path, entry.line, entry.column, message);
}

void FailAt(const Node& node, std::string_view message) {
  FailMalformed(node.source->path, node.line, node.column, message);
}

}  // namespace safe_docker::yaml
