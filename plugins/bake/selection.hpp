// Which targets a command line builds: the named ones, those of groups, and what they link to; each with what it
// inherits and what --set changes.
#pragma once

#include <vector>

#include "bake_files.hpp"
#include "compose_files.hpp"
#include "definition.hpp"

namespace safe_docker::bake {

struct SelectedTarget {
  Target target;
  bool is_linked = false;  // only another target needs it: its output is not written
};

// Throws Failure beyond the bounds. A name that does not exist is passed over: buildx builds nothing then.
std::vector<SelectedTarget> SelectTargets(const Definition& definition, const Files& files, const ComposeFiles& compose,
                                          const CommandLine& line);

}  // namespace safe_docker::bake
