// Path expansion against the folders that are there: bounded in the entries it reads and the paths it gives. Looks only
// into real folders, never into those whose entries depend on who looks (/proc) or are devices.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "state.hpp"

namespace safe_docker::shell {

struct PathExpansion {
  bool known = false;              // false: a bound was reached, a folder could not be read, or an option is not known
  std::size_t work = 0;            // entries that were looked at
  std::vector<std::string> paths;  // in byte order; none if nothing matches
};

// What `pattern`, in which a backslash quotes, becomes in the folder `cwd`.
PathExpansion ExpandPathPattern(std::string_view pattern, const std::string& cwd, const ShellOptions& options);

}  // namespace safe_docker::shell
