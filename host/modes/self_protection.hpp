// What decides over safe-docker belongs to people, not to the commands that it judges: its settings and files, the
// hooks of the agents that ask it, its own process. Commands that touch them ask.
#pragma once

#include <string_view>
#include <vector>

#include "policy/finding.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::modes {

// Whether commands of this name are looked at here, docker or not.
bool MayTouchSafeDocker(std::string_view program);

// The findings (host/self-protection) for a text. `context` is what it was analysed with.
std::vector<policy::Finding> FindTampering(const shell::Analysis& analysis, const shell::Context& context);

}  // namespace safe_docker::modes
