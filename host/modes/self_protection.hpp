// What decides over safe-docker belongs to people, not to the commands that it judges: its settings and files, the
// hooks of the agents that ask it, its own process. Commands that touch them ask.
#pragma once

#include <string_view>
#include <vector>

#include "docker/request.hpp"
#include "policy/finding.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::modes {

// Whether commands of this name are looked at here, docker or not.
bool MayTouchSafeDocker(std::string_view program);

// Whether it is one of those that write wherever a word says, as tar and git do. They are looked at only in a text that
// may name a guarded folder, since agents run them all day.
bool WritesWhereItIsTold(std::string_view program);
bool MayNameSafeDocker(std::string_view text);

// The same for what docker itself would write: mounts, copies and outputs. For requests that nobody else objects to,
// since modes, exceptions and allowed paths may have silenced those who do.
std::vector<policy::Finding> FindTamperingByDocker(const std::vector<docker::Request>& requests);

// The findings (host/self-protection) for a text. `context` is what it was analysed with.
std::vector<policy::Finding> FindTampering(const shell::Analysis& analysis, const shell::Context& context);

}  // namespace safe_docker::modes
