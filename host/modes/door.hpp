// What all doors share: the environment that they were started with, and the line that they leave in the audit log.
#pragma once

#include <string>
#include <string_view>

#include "command_line.hpp"
#include "modes/judge.hpp"
#include "policy/config.hpp"

namespace safe_docker::modes {

// The environment of this process.
Environment ProcessEnvironment();

// The configuration in force, or that of `explicit_path` if it is not empty, with everything checked that only the host
// as a whole can know: docker's flags, the shipped plugins. `thorough` looks at the file system for warnings, too.
policy::LoadedConfig LoadConfiguration(const Environment& environment, std::string_view explicit_path, bool thorough);

// What only the door knows of what was judged.
struct Occasion {
  std::string mode;
  std::string session_id;
  std::string command;
  std::string cwd;
};

// Writes the audit log if the configuration or SAFE_DOCKER_AUDIT=1 wants it; says on standard error if it cannot.
// Called after the answer has gone out.
void WriteAudit(const Occasion& occasion, const Judgement& judgement, const policy::LoadedConfig& config,
                const Environment& environment);

}  // namespace safe_docker::modes
