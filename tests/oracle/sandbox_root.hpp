// Builds the file system that a sandbox sees: the system's folders read-only, the stubs, a few devices, nothing else.
#pragma once

#include <string>

#include "sandbox.hpp"

namespace safe_docker::oracle {

// Makes it the root of this process's mount namespace. Returns what went wrong, or an empty text.
std::string MakeRoot(const SandboxPlan& plan);

}  // namespace safe_docker::oracle
