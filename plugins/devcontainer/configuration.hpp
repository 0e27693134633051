// Which devcontainer.json a command line means, and what is in it: the file, the workspace folder, and the fields,
// typed.
#pragma once

#include <safe_docker/checker.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "variables.hpp"
#include "yaml/arena.hpp"
#include "yaml/writer.hpp"
#include "yaml/yaml.hpp"

namespace safe_docker::devcontainer {

using yaml::Entry;
using yaml::FailAt;
using yaml::Node;

// The command line, as far as it matters here.
struct CommandLine {
  explicit CommandLine(const plugin::Request& request);

  std::string_view command;  // "devcontainer up"
  std::string_view cwd;
  std::string_view home;
  std::string_view workspace_folder;
  std::string_view config;
  std::string_view override_config;
  std::string_view additional_features;
  bool mounts_git_root = true;
  bool prints_help = false;
};

struct Configuration {
  const Node* root = nullptr;         // null if it cannot be told which file counts
  std::string_view folder;            // that of the file; relative paths in it count from here
  std::string_view workspace_folder;  // absolute
  std::string_view mounted_folder;    // the workspace, or the root of the repository that it is in
  std::string container_workspace_folder;
};

// Reads what `line` means. Throws yaml::Failure; `why` says why the root is null.
Configuration ReadConfiguration(const plugin::Host& host, const CommandLine& line, yaml::Arena& arena,
                                std::string* why);

// The content of a file, or a Failure.
std::string_view ReadFile(const plugin::Host& host, std::string_view path);

// The path counted from `base`, clean; nothing if it is not known.
std::string_view Resolve(const plugin::Host& host, std::string_view path, std::string_view base);

// ---- Fields --------------------------------------------------------------------------------------------------------

[[noreturn]] void FailType(const Entry& entry, std::string_view field, std::string_view expected);

// The text of a field that must be a single value.
std::string_view TextOf(const Entry& entry, std::string_view field);

// True if JavaScript takes the value for true.
bool IsTruthy(const Node& node);

// Calls `visit(item)` for each item of a list, or for a single value.
template <typename Visit>
void ForEachItemOrSelf(const Entry& entry, const Visit& visit) {
  if (!entry.value->IsList()) {
    visit(entry);
    return;
  }
  for (const Entry& item : entry.value->entries) {
    visit(item);
  }
}

// The same for what must be a list.
template <typename Visit>
void ForEachItem(const Entry& entry, std::string_view field, const Visit& visit) {
  if (!entry.value->IsList()) {
    FailType(entry, field, "a list");
  }
  ForEachItemOrSelf(entry, visit);
}

}  // namespace safe_docker::devcontainer
