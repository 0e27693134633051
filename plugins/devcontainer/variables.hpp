// ${localEnv:NAME}, ${localWorkspaceFolder} and their like, as the dev container tool replaces them in every text.
#pragma once

#include <safe_docker/checker.hpp>

#include <string>
#include <string_view>

#include "yaml/yaml.hpp"

namespace safe_docker::devcontainer {

struct Variables {
  const plugin::Host* host = nullptr;
  std::string_view home;
  std::string_view workspace_folder;            // of the host
  std::string container_workspace_folder = {};  // where that is inside
};

// `text` with its variables replaced: what nobody can know becomes a NUL byte, and what the tool does not know stays.
// Fails at `node` where the tool would.
std::string Replace(const Variables& variables, std::string_view text, const yaml::Node& node);

// A dialect that replaces `variables`, which are borrowed.
yaml::Dialect Replacing(const Variables& variables);

// The part of an absolute path behind the last slash.
std::string_view BaseName(std::string_view path);

}  // namespace safe_docker::devcontainer
