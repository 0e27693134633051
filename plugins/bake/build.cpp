#include "build.hpp"

#include <algorithm>
#include <string>

namespace safe_docker::bake {
namespace {

constexpr std::string_view kCommand = "buildx build";
constexpr std::string_view kWorkingFolder = "cwd://";
constexpr std::string_view kElsewhere[] = {"target:", "docker-image://", "oci-layout://"};
constexpr std::size_t kMaxWritten = 120;

bool MayBeAnything(std::string_view text) { return text.starts_with('\0'); }

// A path of the command line's folder, such that nothing can take it for anything else.
std::string LocalPath(std::string_view path) {
  path.remove_prefix(path.starts_with(kWorkingFolder) ? kWorkingFolder.size() : 0);
  const bool is_anchored = path.starts_with('/') || path.starts_with('.') || MayBeAnything(path);
  return is_anchored ? std::string(path) : "./" + std::string(path);
}

// One line of at most 120 bytes, without the blanks of several.
std::string Shortened(std::string_view text) {
  std::string line;
  for (const char byte : text) {
    const bool is_blank = byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
    if (!is_blank) {
      line += byte == '\0' ? '?' : byte;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  line.resize(line.size() - (line.ends_with(' ') ? 1 : 0));
  if (line.size() <= kMaxWritten) {
    return line;
  }
  std::size_t cut = kMaxWritten - 3;
  while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) {
    --cut;
  }
  return line.substr(0, cut) + "...";
}

// A map as docker's options write it: key=value,"key=value, with a comma".
std::string AsFields(const Value& map) {
  std::string fields;
  for (std::size_t index = 0; index < map.keys->size(); ++index) {
    const Value& item = (*map.items)[index];
    if (item.IsNull() || (item.kind == Kind::kText && item.text.empty())) {
      continue;
    }
    const std::string field = (*map.keys)[index] + "=" + TextOf(item);
    fields += fields.empty() ? "" : ",";
    if (field.find_first_of(",\"\r\n") == std::string::npos) {
      fields += field;
      continue;
    }
    fields += '"';
    for (const char byte : field) {
      fields += byte == '"' ? std::string(2, '"') : std::string(1, byte);
    }
    fields += '"';
  }
  return fields;
}

// ssh = [{ id = "default", paths = ["key"] }]
std::string AsKeys(const Value& map) {
  const Value* id = FindItem(map, "id");
  const Value* paths = FindItem(map, "paths");
  std::string text = id == nullptr || id->IsNull() ? "default" : TextOf(*id);
  if (paths == nullptr || paths->IsNull()) {
    return IsKnown(map) ? text : std::string(1, '\0');
  }
  if (paths->kind != Kind::kList) {
    return text + "=" + TextOf(*paths);
  }
  std::string_view separator = "=";
  for (const Value& path : *paths->items) {
    text += separator;
    text += TextOf(path);
    separator = ",";
  }
  return text;
}

class Writer {
 public:
  Writer(const SelectedTarget& selected, const Files& files, const CommandLine& line, plugin::Requests& requests)
      : target_(selected.target), is_linked_(selected.is_linked), files_(files), line_(line), requests_(requests) {}

  void Write();

 private:
  using WriteField = void (Writer::*)(std::string_view field, std::string_view option, const Value& value);
  struct Row {
    std::string_view field;
    WriteField write;
    std::string_view option;
  };
  static const Row kRows[];

  // Holds the texts that an evidence points to.
  struct Evidence {
    std::string written;
    sdp_evidence raw{};
  };

  Evidence EvidenceOf(std::string_view field, const Place& place) const {
    const Place& shown = place.source == nullptr ? target_.place : place;
    Evidence evidence;
    evidence.written = "target " + target_.name;
    if (!field.empty()) {
      evidence.written += ": " + std::string(field);
      evidence.written += place.written.empty() ? "" : " = " + std::string(place.written.substr(0, 4 * kMaxWritten));
    }
    evidence.written = Shortened(evidence.written);
    evidence.raw.size = sizeof evidence.raw;
    evidence.raw.line = shown.line;
    evidence.raw.column = shown.column;
    if (shown.source != nullptr) {
      evidence.raw.file = plugin::Text(shown.source->path);
    }
    return evidence;
  }

  void Unknown(std::string_view field, const Value& value, std::string_view why) {
    Evidence evidence = EvidenceOf(field, value.place);
    evidence.raw.written = plugin::Text(evidence.written);
    requests_.Add(SDP_EFFECT_UNKNOWN, evidence.written, why, evidence.raw);
  }

  void Option(std::string_view field, const Value& value, std::string_view option, std::string_view text) {
    if (!IsAscii(text)) {  // HCL composes letters, so that another file may be meant
      return Unknown(field, value, "its letters may be other bytes for buildx than they are in the file");
    }
    Evidence evidence = EvidenceOf(field, value.place);
    evidence.raw.written = plugin::Text(evidence.written);
    // What docker would refuse makes the host add an unknown effect by itself.
    requests_.Option(option, text, evidence.raw);
  }

  void Effect(std::string_view field, const Value& value, sdp_effect_kind kind, std::string_view subject,
              std::string_view name) {
    Evidence evidence = EvidenceOf(field, value.place);
    evidence.raw.written = plugin::Text(evidence.written);
    requests_.Add(kind, subject, name, evidence.raw,
                  plugin::IsKnown(subject) ? 0U : static_cast<std::uint32_t>(SDP_EFFECT_UNRESOLVED));
  }

  void WriteText(std::string_view field, std::string_view option, const Value& value);
  void WriteList(std::string_view field, std::string_view option, const Value& value);
  void WriteItem(std::string_view field, std::string_view option, const Value& item);
  void WriteOutputs(std::string_view field, std::string_view option, const Value& value);
  void WriteContexts(std::string_view field, std::string_view option, const Value& value);
  void WriteArguments(std::string_view field, std::string_view option, const Value& value);
  void WriteHosts(std::string_view field, std::string_view option, const Value& value);
  void WriteNothing(std::string_view /*field*/, std::string_view /*option*/, const Value& /*value*/) {}

  // Calls `visit(key, value)` for each pair of a map; a value that is no map is one pair that nobody knows.
  template <typename Visit>
  void ForEachPair(const Value& value, const Visit& visit) {
    if (value.kind != Kind::kMap) {
      visit(std::string(1, '\0'), value);
      return;
    }
    for (std::size_t index = 0; index < value.keys->size(); ++index) {
      if (!(*value.items)[index].IsNull()) {
        visit((*value.keys)[index], (*value.items)[index]);
      }
    }
  }

  void WriteContext();
  void WriteDockerfile();
  // True for a path inside a definition that is at an address.
  bool IsThere(std::string_view path) const {
    return line_.is_remote && !path.starts_with(kWorkingFolder) && !MayBeAnything(path);
  }

  const Target& target_;
  bool is_linked_;
  const Files& files_;
  const CommandLine& line_;
  plugin::Requests& requests_;
};

constexpr Writer::Row Writer::kRows[] = {
    {"contexts", &Writer::WriteContexts, {}},
    {"args", &Writer::WriteArguments, {}},
    {"extra-hosts", &Writer::WriteHosts, "add-host"},
    {"secret", &Writer::WriteList, "secret"},
    {"ssh", &Writer::WriteList, "ssh"},
    {"entitlements", &Writer::WriteList, "allow"},
    {"network", &Writer::WriteText, "network"},
    {"cache-from", &Writer::WriteList, "cache-from"},
    {"cache-to", &Writer::WriteList, "cache-to"},
    {"output", &Writer::WriteOutputs, "output"},
    {"attest", &Writer::WriteList, "attest"},
    {"policy", &Writer::WriteList, "policy"},
    // What means nothing to the host, or is written elsewhere here.
    {"context", &Writer::WriteNothing, {}},
    {"dockerfile", &Writer::WriteNothing, {}},
    {"dockerfile-inline", &Writer::WriteNothing, {}},
    {"inherits", &Writer::WriteNothing, {}},
    {"annotations", &Writer::WriteNothing, {}},
    {"call", &Writer::WriteNothing, {}},
    {"description", &Writer::WriteNothing, {}},
    {"labels", &Writer::WriteNothing, {}},
    {"no-cache", &Writer::WriteNothing, {}},
    {"no-cache-filter", &Writer::WriteNothing, {}},
    {"platforms", &Writer::WriteNothing, {}},
    {"pull", &Writer::WriteNothing, {}},
    {"shm-size", &Writer::WriteNothing, {}},
    {"tags", &Writer::WriteNothing, {}},
    {"target", &Writer::WriteNothing, {}},
    {"ulimits", &Writer::WriteNothing, {}},
};

void Writer::Write() {
  Evidence evidence = EvidenceOf({}, target_.place);
  evidence.raw.written = plugin::Text(evidence.written);
  requests_.Begin(kCommand, {}, evidence.raw);
  if (!target_.is_complete) {
    Unknown("inherits", {}, "what the target inherits is not known");
  }
  WriteContext();
  WriteDockerfile();
  for (const Field& field : target_.fields) {
    const auto* row = std::ranges::find(kRows, field.name, &Row::field);
    if (field.value.IsNull()) {
      continue;
    }
    if (row == std::end(kRows)) {
      Unknown(field.name, field.value, "nobody knows what this field means to the host");
    } else {
      (this->*row->write)(field.name, row->option, field.value);
    }
  }
  requests_.End();
}

void Writer::WriteText(std::string_view field, std::string_view option, const Value& value) {
  const std::string text = TextOf(value);
  if (MayBeAnything(text)) {
    Unknown(field, value, "its value is only known when the command runs");
  } else if (!text.empty()) {
    Option(field, value, option, text);
  }
}

void Writer::WriteItem(std::string_view field, std::string_view option, const Value& item) {
  if (item.kind != Kind::kMap) {
    WriteText(field, option, item);
    return;
  }
  const std::string text = option == "ssh" ? AsKeys(item) : AsFields(item);
  if (MayBeAnything(text)) {
    Unknown(field, item, "its value is only known when the command runs");
  } else if (!text.empty()) {
    Option(field, item, option, text);
  }
}

void Writer::WriteList(std::string_view field, std::string_view option, const Value& value) {
  if (value.kind != Kind::kList) {
    WriteItem(field, option, value);
    return;
  }
  for (const Value& item : *value.items) {
    if (!item.IsNull()) {
      WriteItem(field, option, item);
    }
  }
}

void Writer::WriteOutputs(std::string_view field, std::string_view option, const Value& value) {
  if (!is_linked_) {
    WriteList(field, option, value);
  }
}

void Writer::WriteContext() {
  const Value* given = target_.Find("context");
  const bool is_judged = given != nullptr && given->is_given;
  const Value value = given == nullptr ? TextValue(".") : *given;
  const std::string text = TextOf(value);
  if (is_judged || text == "-" || (IsThere(text) && !IsAddress(text))) {
    return;
  }
  Option("context", value, "build-context", "context=" + (IsAddress(text) ? text : LocalPath(text)));
}

// The Dockerfile counts from the context; one of an address lies there.
void Writer::WriteDockerfile() {
  const Value* given = target_.Find("dockerfile");
  if (given == nullptr) {
    return;
  }
  const std::string text = TextOf(*given);
  if (text.empty() || text == "-" || (IsThere(text) && !IsAddress(text))) {
    return;
  }
  const bool climbs = text.find("..") != std::string::npos;
  const Value* context = target_.Find("context");
  const std::string where = context == nullptr ? "." : TextOf(*context);
  if (context == nullptr && !files_.compose.empty() && climbs) {
    Unknown("dockerfile", *given, "a compose file may give the folder that it counts from");
  } else if (IsAddress(text) || text.starts_with('/') || text.starts_with(kWorkingFolder)) {
    Option("dockerfile", *given, "file", text);
  } else if (!IsAddress(where) || climbs) {
    Option("dockerfile", *given, "file", LocalPath(where) + "/" + text);
  }
}

void Writer::WriteContexts(std::string_view field, std::string_view /*option*/, const Value& value) {
  ForEachPair(value, [&](const std::string& key, const Value& item) {
    const std::string text = TextOf(item);
    const bool is_path = !IsAddress(text) && std::ranges::none_of(kElsewhere, [&](std::string_view start) {
      return std::string_view(text).starts_with(start);
    });
    if (text.empty() || item.is_given || (is_path && IsThere(text))) {
      return;
    }
    // The name is left out: it could hold a '='.
    Option(std::string(field) + "." + key, item, "build-context", "context=" + (is_path ? LocalPath(text) : text));
  });
}

void Writer::WriteArguments(std::string_view field, std::string_view /*option*/, const Value& value) {
  ForEachPair(value, [&](const std::string& key, const Value& item) {
    const std::string text = TextOf(item);
    const std::string name = std::string(field) + "." + key;
    // The value of an argument is no danger by itself, so it may well be unknown.
    Effect(name, item, SDP_EFFECT_BUILD_ARGUMENT, plugin::IsKnown(text) ? std::string_view(text) : std::string_view{},
           key);
    if (key == "BUILDKIT_SYNTAX" || !plugin::IsKnown(key)) {
      Effect(name, item, SDP_EFFECT_SET_OPTION, text, "build frontend");
    }
  });
}

void Writer::WriteHosts(std::string_view field, std::string_view option, const Value& value) {
  ForEachPair(
      value, [&](const std::string& key, const Value& item) { Option(field, item, option, key + "=" + TextOf(item)); });
}

}  // namespace

void WriteBuild(const SelectedTarget& selected, const Files& files, const CommandLine& line,
                plugin::Requests& requests) {
  Writer(selected, files, line, requests).Write();
}

void WriteUnseen(const Unseen& unseen, plugin::Requests& requests) {
  const std::string what = Shortened(unseen.what);
  sdp_evidence evidence{};
  evidence.size = sizeof evidence;
  evidence.written = plugin::Text(what);
  requests.Begin(kCommand, {}, evidence);
  requests.Add(SDP_EFFECT_UNKNOWN, what, unseen.why, evidence);
  requests.End();
}

}  // namespace safe_docker::bake
