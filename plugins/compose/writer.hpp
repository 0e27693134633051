// How this plugin says what a project's services do: the shared writer of requests.
#pragma once

#include "yaml.hpp"
#include "yaml/writer.hpp"

namespace safe_docker::compose {

using yaml::EffectText;
using yaml::Setting;
using yaml::Writer;
using yaml::Written;

inline constexpr std::string_view kServiceCommand = "compose service";

}  // namespace safe_docker::compose
