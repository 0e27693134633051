// What the settings of one service mean: a table of fields, each with the function that turns its forms into the
// options of `docker run` that mean the same, or into effects where there is no such option.
#pragma once

#include <span>
#include <string_view>

#include "sections.hpp"
#include "writer.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// Which parts of a service the command brings to life.
struct Parts {
  bool container = true;
  bool build = true;
  bool watch = false;
  bool bake = false;  // the build is bake's
  bool ports = true;
  bool drives = true;  // "c:/x" is a path of Windows, and c no volume
};

// What the functions for single fields are given.
struct ServiceContext {
  Writer& out;
  const Sections& sections;
  const Node& service;
  Parts parts;
};

// Writes one request for `service`. Throws Failure for what compose would refuse.
void WriteService(const Entry& service, const Sections& sections, const Parts& parts, Writer& out);

// The same for a container that exists: writes one request if `service` has one of the settings `programs`.
void WritePrograms(const Entry& service, const Sections& sections, std::span<const std::string_view> programs,
                   Writer& out);

}  // namespace safe_docker::compose
