#include "bake.hpp"

#include <algorithm>
#include <string>

#include "fields.hpp"
#include "paths.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::string_view kOtherFiles[] = {"docker-bake.json", "docker-bake.hcl", "docker-bake.override.json",
                                            "docker-bake.override.hcl"};
constexpr std::string_view kWorkingFolder = "cwd://";

// The fields of x-bake that mean something to the host, by the option of `docker build` that is the same.
struct Field {
  std::string_view name;
  std::string_view option;
};
constexpr Field kFields[] = {
    {"cache-from", "cache-from"}, {"cache-to", "cache-to"}, {"secret", "secret"}, {"ssh", "ssh"}, {"output", "output"}};

bool EndsWithIgnoringCase(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && plugin::EqualIgnoringCase(text.substr(text.size() - end.size()), end);
}

bool IsComposeFile(std::string_view name) {
  return EndsWithIgnoringCase(name, ".yml") || EndsWithIgnoringCase(name, ".yaml");
}

bool Exists(const plugin::Host& host, std::string_view name, std::string_view folder) {
  sdp_path found{};
  return host.ResolvePath(AbsolutePath(name, folder), folder, &found) == SDP_OK && (found.flags & SDP_PATH_EXISTS) != 0;
}

// What nobody can read is asked about by the plugin that reads bake's own files.
std::vector<std::string_view> NamesFromEnvironment(const plugin::Host& host, Arena& arena) {
  std::string_view value;
  std::string_view separator;
  std::vector<std::string_view> names;
  if (host.Environment("BUILDX_BAKE_FILE", &value) != SDP_OK) {
    return names;
  }
  value = arena.Copy(value);
  const bool has_separator = host.Environment("BUILDX_BAKE_PATH_SEPARATOR", &separator) == SDP_OK && !separator.empty();
  const std::string cut(has_separator ? separator : std::string_view(":"));
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = value.find(cut);
    const std::string_view name = value.substr(0, end);
    const std::size_t first = name.find_first_not_of(" \t");
    if (first != std::string_view::npos) {
      names.push_back(name.substr(first, name.find_last_not_of(" \t") - first + 1));
    }
    value.remove_prefix(end == std::string_view::npos ? 0 : end + cut.size());
  }
  return names;
}

}  // namespace

bool ReadBakeLine(const plugin::Host& host, Arena& arena, CommandLine& line) {
  if (line.only_prints || line.cwd.empty() || !plugin::IsKnown(line.cwd)) {
    return false;
  }
  const bool is_remote = !line.arguments.empty() && IsRemote(line.arguments.front());
  std::vector<std::string_view> names = line.files.empty() ? NamesFromEnvironment(host, arena) : line.files;
  const bool has_names = !names.empty();
  if (!has_names && !is_remote) {
    names = DefaultFileNames();
    names.insert(names.end(), std::begin(kOtherFiles), std::end(kOtherFiles));
    std::erase_if(names, [&](std::string_view name) { return !Exists(host, name, line.cwd); });
  }
  line.files.clear();
  bool has_others = is_remote;
  for (std::string_view name : names) {
    const bool is_here = name.starts_with(kWorkingFolder);
    name.remove_prefix(is_here ? kWorkingFolder.size() : 0);
    const bool is_seen = plugin::IsKnown(name) && !IsRemote(name) && (!is_remote || is_here);
    if (is_seen && IsComposeFile(name)) {
      line.files.push_back(arena.Copy(AbsolutePath(name, line.cwd)));
    } else {
      has_others = true;
    }
  }
  // Other files may group, link and inherit services under any name.
  const bool is_all = has_others || std::ranges::any_of(line.arguments, [](std::string_view name) {
                        return name == "default" || name.find_first_of("*?[]") != std::string_view::npos;
                      });
  if (is_all) {
    line.arguments.clear();
  }
  line.project_directory = line.cwd;
  line.profiles = {"*"};
  return !line.files.empty();
}

void WriteBakeExtension(const ServiceContext& context, const Entry& build) {
  const Entry* extension = Find(*build.value, "x-bake");
  if (extension == nullptr) {
    return;
  }
  if (!extension->value->IsMap()) {
    FailType(context, *extension, "build.x-bake", "a mapping");
  }
  const auto write = [&](const Entry& item, std::string_view option, std::string_view text) {
    if (text.starts_with('\0')) {
      context.out.Unknown({"x-bake", item}, "its value is only known when the command runs");
    } else if (!text.empty()) {
      context.out.Option({"x-bake", item}, option, text);
    }
  };
  for (const Field& field : kFields) {
    const Entry* entry = Find(*extension->value, field.name);
    if (entry == nullptr) {
      continue;
    }
    ForEachItemOrSelf(context, *entry, "build.x-bake", [&](const Entry& item) {
      std::string_view text = TextOf(context, item, "build.x-bake");
      if (entry->value->IsList()) {
        write(item, field.option, text);
        return;
      }
      while (!text.empty()) {  // one text holds several, with blanks between them
        const std::size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
        write(item, field.option, text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
      }
    });
  }
  if (const Entry* contexts = Find(*extension->value, "contexts")) {
    ForEachPair(context, *contexts, "build.x-bake", "=",
                [&](const Entry& pair, std::string_view /*name*/, std::string_view text) {
                  if (!text.empty()) {
                    context.out.Option({"x-bake.contexts", pair}, "build-context", "context=" + std::string(text));
                  }
                });
  }
}

}  // namespace safe_docker::compose
