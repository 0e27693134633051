// What a person types besides docker commands. Each prints to standard output and returns the process's exit code: 0,
// 1 for what it is about (a configuration with errors, a denied command), 2 if it was called wrongly. `arguments` are
// those behind the command's name.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace safe_docker::commands {

int PrintHelp();
int PrintVersion();

// `check-config [--config PATH] [--json]`: what is wrong with the configuration; 1 if something has no effect that was
// meant to.
int CheckConfig(const std::vector<std::string>& arguments);

// `config schema`, `config init [--profile NAME] [--force]`, `config reference`: what can be configured.
int Config(const std::vector<std::string>& arguments);

// `explain [--json] [--config PATH] [--cwd PATH] -- 'TEXT'`, or with --argv DOCKER-COMMAND...: how a verdict comes
// about.
int Explain(const std::vector<std::string>& arguments);

// `plugins [--json]`: what is loaded; 1 if a plugin cannot be used.
int ListPlugins(const std::vector<std::string>& arguments);

// `rules [ID...] [--json] [--markdown]`: every rule with its decisions.
int Rules(const std::vector<std::string>& arguments);

// `status [--json]`: which files are in force, and what each contributes.
int Status(const std::vector<std::string>& arguments);

// `test FILE.toml... [--config PATH] [--json | --tap]`: policy as tests; 1 if one fails, 2 if a file cannot be read.
int Test(const std::vector<std::string>& arguments);

// `trust [--show|--remove] [PATH]`: lets a project's file allow what it says, as long as it stays as it is.
int Trust(const std::vector<std::string>& arguments);

// `safe-docker audit COMMAND …`: the commands that read the audit log; commands/audit.hpp has them.
int Audit(const std::vector<std::string>& arguments);

// `safe-docker compose [COMPOSE-FLAGS] resolve [--format yaml|json] [SERVICE...]`: prints the project as it is judged.
// Nothing if `arguments` are another command; returns only if it cannot be started.
std::optional<int> ComposeResolve(const std::vector<std::string>& arguments);

}  // namespace safe_docker::commands
