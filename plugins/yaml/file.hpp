// Reads the files that an expander is about, and reports those that cannot be read, in the same words for all of them.
#pragma once

#include <safe_docker/checker.hpp>

#include <string_view>

#include "failure.hpp"

namespace safe_docker::yaml {

// What a file holds; lent by the host until the call of the plugin ends.
struct FileContent {
  std::string_view text;
  std::string_view why_unknown;  // not empty: it is only known when the command runs
};

// Throws Failure if the file does not exist or cannot be read.
FileContent ReadFile(const plugin::Host& host, std::string_view path);

// Reports `failure` under the rules "malformed" and "unreadable", which the plugin must have. `advice` is for a failure
// that has none of its own.
void Report(const Failure& failure, std::string_view advice, plugin::Findings& findings);

}  // namespace safe_docker::yaml
