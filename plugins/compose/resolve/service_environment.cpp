#include "service_environment.hpp"

#include <algorithm>
#include <string>

#include "dotenv.hpp"
#include "paths.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

struct NamedFile {
  std::string_view path;
  bool is_required = true;
  bool is_raw = false;
};

NamedFile ReadItem(const Surroundings& around, const Node& item, Arena& arena) {
  NamedFile file;
  const Node* path = item.IsMap() ? FindNode(item, "path") : &item;
  const Node* required = item.IsMap() ? FindNode(item, "required") : nullptr;
  const Node* format = item.IsMap() ? FindNode(item, "format") : nullptr;
  if (path == nullptr) {
    FailAt(item, "an env file needs a path");
  }
  file.path = arena.Copy(OpenedPathWithHome(path->text, path->source->folder, around.home));
  file.is_required = required == nullptr || CastToBoolean(required->text).value_or(true);
  file.is_raw = format != nullptr && format->text == "raw";
  return file;
}

// "raw": each line is KEY=VALUE, and nothing else means anything.
void ReadRaw(std::string_view content, Variables& variables) {
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    std::string_view line = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    const std::size_t at = line.find('=');
    if (at != std::string_view::npos && !line.starts_with('#')) {
      variables.Define(line.substr(0, at), line.substr(at + 1));
    }
  }
}

void AddFile(const plugin::Host& host, const NamedFile& file, const Variables& around, Value& values, Arena& arena) {
  std::string_view content;
  const std::int32_t status = host.ReadFile(file.path, kMaxFileSize, &content);
  if (status == SDP_ABSENT && !file.is_required) {
    return;
  }
  if (status != SDP_OK) {
    FailUnreadable(file.path,
                   "env file " + std::string(file.path) + " " +
                       (status == SDP_ABSENT ? "not found" : "cannot be read: " + std::string(content)),
                   "Correct the path, or make the file.");
  }
  content = arena.Copy(content);
  Variables defined(&around);
  file.is_raw ? ReadRaw(content, defined) : ReadDotenv(file.path, content, Redefinition::kReplace, arena, defined);
  for (const auto& [name, text] : defined.defined()) {
    values.Set(name, Value::String(text));
  }
}

}  // namespace

Value WithFiles(const plugin::Host& host, const Surroundings& around, const Node& service, std::string_view field,
                Value given, Arena& arena) {
  const Node* files = FindNode(service, field);
  if (files == nullptr) {
    return given;
  }
  Value values = Value::Map();
  const auto add = [&](const Node& item) {
    // Files see the project's variables, then the service's own, then those of the files before.
    Variables known(&around.variables);
    for (const Value* source : {&values, &given}) {
      for (const auto& [name, value] : source->entries) {
        known.Define(arena.Copy(name), arena.Copy(value.text));
      }
    }
    AddFile(host, ReadItem(around, item, arena), known, values, arena);
  };
  if (!files->IsList()) {
    add(*files);
  }
  for (const Entry& item : files->entries) {
    if (files->IsList() && item.value->tag != Tag::kReset) {
      add(*item.value);
    }
  }
  for (auto& [name, value] : given.entries) {
    values.Set(name, std::move(value));
  }
  values.kind = Value::Kind::kMap;
  std::ranges::sort(values.entries, {}, &Value::Member::key);
  return values;
}

}  // namespace safe_docker::compose
