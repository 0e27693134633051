// What a person types to safe-docker itself: each function is one command, prints to standard output and returns the
// process's exit code.
#pragma once

#include <string_view>

namespace safe_docker::commands {

// `safe-docker --check-config [--config PATH]`: 0 if there is no error, 1 otherwise.
int CheckConfig(std::string_view config_path);

// `safe-docker plugins`: what is loaded, with its rules; 1 if a plugin cannot be used.
int ListPlugins();

int PrintHelp();
int PrintVersion();

}  // namespace safe_docker::commands
