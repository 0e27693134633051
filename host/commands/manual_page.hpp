// The manual page of a command, section 1, as roff: all that its table says, in the order in which man pages say it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/commands.hpp"

namespace safe_docker::commands {

// "safe-docker-audit-show"
std::string PageName(const Manual& manual);

// `all`: where the commands below it are. `date`: as it stands in the page.
std::string ManualPage(const Manual& manual, const std::vector<Command>& all, std::string_view date);

}  // namespace safe_docker::commands
