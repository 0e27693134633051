// Where the running program lies, for finding what is installed beside it and for telling oneself from others.
#pragma once

#include <string>
#include <vector>

namespace safe_docker::modes {

// The absolute path of this executable, every link followed; empty if it cannot be found out.
std::string ExecutablePath();

// The folder that bin/ and lib/ of this installation (or of the build) lie in; empty if it cannot be found out.
std::string InstallationPrefix();

// Becomes the program `name` that lies among safe-docker's helpers, with `words` behind its name. Returns only if that
// does not work, with what went wrong.
std::string BecomeHelper(const std::string& name, const std::vector<std::string>& words);

}  // namespace safe_docker::modes
