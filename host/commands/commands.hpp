// What a person types to safe-docker itself: each function is one command, prints to standard output and returns the
// process's exit code.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::commands {

// `safe-docker --check-config [--config PATH]`: 0 if there is no error, 1 otherwise.
int CheckConfig(std::string_view config_path);

// `safe-docker plugins`: what is loaded, with its rules; 1 if a plugin cannot be used.
int ListPlugins();

// `safe-docker audit COMMAND …`: the commands that read the audit log; commands/audit.hpp has them.
int Audit(const std::vector<std::string>& arguments);

// `safe-docker compose [COMPOSE-FLAGS] resolve [--format yaml|json] [SERVICE...]`: prints the project as it is judged.
// Nothing if `arguments` are another command; returns only if it cannot be started.
std::optional<int> ComposeResolve(const std::vector<std::string>& arguments);

int PrintHelp();
int PrintVersion();

}  // namespace safe_docker::commands
