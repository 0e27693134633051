// What all doors share: the environment that they were started with, and the line that they leave in the audit log.
#pragma once

#include <string>

#include "command_line.hpp"
#include "modes/judge.hpp"
#include "policy/config.hpp"

namespace safe_docker::modes {

// The environment of this process.
Environment ProcessEnvironment();

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
