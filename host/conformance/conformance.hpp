// Tries out a plugin: runs it through the contract of <safe_docker/plugin.h>, step by step, and says of each point what
// is wrong and how to mend it. Nothing of the plugin runs in the calling process.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/report.hpp"

namespace safe_docker::conformance {

// `path` is absolute; without `settings` those are used that its schema has as examples. `progress` is told of each
// step before it begins, and may be empty.
Report TryPlugin(const std::string& path, std::optional<nlohmann::json> settings,
                 const std::function<void(std::string_view step)>& progress);

}  // namespace safe_docker::conformance
