// Whether the settings that a configuration gives a plugin are what the plugin's own schema says, so that a misspelt
// key is an error and never a rule that is silently off. Understands of JSON Schema (2020-12) what settings need; what
// it does not check ("pattern", "format", …) is left to the plugin's create.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::plugins {

// What is wrong with `settings`, naming the key ("settings.colour is …"); nothing if they fit. `schema` is the text in
// the plugin's description: an empty one takes no settings, one that is no JSON object is wrong itself.
std::string CheckSettings(const nlohmann::json& settings, std::string_view schema);

// The words of `schema` that are none of JSON Schema's, and so probably misspelt: "/properties/a/requird".
std::vector<std::string> UnknownSchemaWords(const nlohmann::json& schema);

}  // namespace safe_docker::plugins
