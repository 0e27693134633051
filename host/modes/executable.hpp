// Where the running program lies, for finding what is installed beside it and for telling oneself from others.
#pragma once

#include <string>

namespace safe_docker::modes {

// The absolute path of this executable, every link followed; empty if it cannot be found out.
std::string ExecutablePath();

}  // namespace safe_docker::modes
