// The checkers that safe-docker ships with, and how the configuration's keys reach them. What is said here of each is
// what its own description says (a test compares them), so that a request that does not want one does not load it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/plugin_set.hpp"
#include "policy/config.hpp"

namespace safe_docker::modes {

// True for the id of a plugin that comes with safe-docker.
bool IsShipped(std::string_view id);

// True for one of those that reads projects and turns them into requests.
bool IsShippedExpander(std::string_view id);

// Which of the enabled plugins.
enum class Which : std::uint8_t {
  kNeeded,  // those that have anything to do under this configuration
  kAll,
};

// The plugins that `config` enables: the shipped ones that it does not switch off, and those that it adds.
std::vector<plugins::Declaration> DeclarePlugins(const policy::Config& config, Which which);

}  // namespace safe_docker::modes
