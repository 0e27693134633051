// What a YAML scalar means: its kind by the rules of go-yaml, and the casts that its readers do afterwards.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "yaml.hpp"

namespace safe_docker::yaml {

// The kind of a scalar with that tag ("" if it has none). Only plain ones can be anything but strings by themselves.
Kind ScalarKind(std::string_view text, std::string_view tag, bool is_plain);

// A number as it is written when it becomes a text: 0x10, 0o20, 020 and 1_6 are all "16", 1.50 is "1.5".
std::string NumberText(std::string_view text);

// The cast to a boolean of compose and of YAML 1.1: true/y/yes/on and false/n/no/off in any case; nothing for all else.
std::optional<bool> CastToBoolean(std::string_view text);

// False if `text` is no base64.
bool DecodeBase64(std::string_view text, std::string* bytes);

}  // namespace safe_docker::yaml
