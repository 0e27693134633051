// What a dev container's configuration does to the host: the container's own settings as options of `docker run`, and
// the command lines of docker that the tool puts together of it.
#pragma once

#include <safe_docker/checker.hpp>

#include <string_view>

#include "configuration.hpp"

namespace safe_docker::devcontainer {

struct Context {
  const plugin::Host& host;
  const Configuration& configuration;
  plugin::Requests& requests;
  yaml::Writer& out;
  bool starts;  // false: the image is built, and no more
};

// All that `configuration.root` describes.
void WriteConfiguration(const Context& context);

// privileged, capAdd, securityOpt and mounts, which features have as well; `field` is the name to show. False if
// `entry` is none of them.
bool WriteSecurity(const Context& context, const Entry& entry);

// "features" of a file, or --additional-features; features.cpp.
void WriteFeatures(const Context& context, const Node& features);

}  // namespace safe_docker::devcontainer
