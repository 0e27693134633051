// Where the running program lies, for telling oneself from others, and how it becomes one of its helpers.
#pragma once

#include <string>
#include <vector>

namespace safe_docker::modes {

// The absolute path of this executable, every link followed; empty if it cannot be found out.
std::string ExecutablePath();

// Becomes the program `name` that lies among safe-docker's helpers, with `words` behind its name. Returns only if that
// does not work, with what went wrong.
std::string BecomeHelper(const std::string& name, const std::vector<std::string>& words);

}  // namespace safe_docker::modes
