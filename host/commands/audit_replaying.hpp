// Replaying for the commands that need it: the configuration is read, and the judge made ready.
#pragma once

#include <memory>
#include <string>

#include "audit/replay.hpp"
#include "policy/config.hpp"

namespace safe_docker::commands {

struct Judge {
  policy::LoadedConfig config;
  std::string problem;  // for people, if the configuration cannot be used

  // A replayer under this configuration, which must outlive it. Each process makes its own.
  audit::Replayer MakeReplayer() const;
};

// The judge under the configuration in `config_path`, or that in force if it is empty.
Judge ReadJudge(const std::string& config_path);

}  // namespace safe_docker::commands
