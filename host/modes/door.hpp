// What all doors share: the environment that they were started with, and the line that they leave in the audit log.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "command_line.hpp"
#include "modes/judge.hpp"
#include "policy/config.hpp"

namespace safe_docker::modes {

// The environment of this process.
Environment ProcessEnvironment();

// Which configuration is wanted.
struct ConfigurationRequest {
  std::string explicit_path;  // takes the user file's place if it is not empty
  std::string cwd;            // where the command is run; without it no project's file is read
  bool thorough = false;      // look at the file system for warnings, too
  bool record_contributions = false;
};

// What a door wants that judges a command run in `cwd`.
ConfigurationRequest ForCommandIn(std::string_view cwd);

// The configuration in force, with everything checked that only the host as a whole can know: docker's flags, the
// shipped plugins, the project that the command belongs to.
policy::LoadedConfig LoadConfiguration(const Environment& environment, const ConfigurationRequest& request);

// What only the door knows of what was judged.
struct Occasion {
  std::string mode;
  std::string session_id;
  std::string command;
  std::string cwd;
  std::string agent = {};   // "claude-code"
  std::string tool = {};    // of the agent
  std::string answer = {};  // of the person who was asked: "yes", "no"
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

// Writes the audit log if the configuration or SAFE_DOCKER_AUDIT=1 wants it; says on standard error if it cannot.
// Called after the answer has gone out.
void WriteAudit(const Occasion& occasion, const Judgement& judgement, const policy::LoadedConfig& config,
                const Environment& environment);

}  // namespace safe_docker::modes
