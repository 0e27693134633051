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
// What a service is for bake, whose options are those of `docker build`.
inline constexpr std::string_view kBuildCommand = "buildx build";

}  // namespace safe_docker::compose
