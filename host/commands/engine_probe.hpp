// Asks an engine behind a Unix socket two harmless questions, with a time limit: which version it is, and how it runs.
// Whoever listens there may be anyone: what comes back is bounded, and believed only as far as it is printed.
#pragma once

#include <chrono>
#include <string>

namespace safe_docker::commands {

struct EngineAnswer {
  std::string problem;      // why nobody answered; empty if somebody did
  bool is_refused = false;  // this user may not connect
  bool is_missing = false;  // nothing listens there
  std::string version;
  bool is_podman = false;
  bool knows_security = false;  // it told how it runs
  bool is_rootless = false;
  bool has_user_namespaces = false;
};

EngineAnswer AskEngine(const std::string& socket, std::chrono::milliseconds limit);

}  // namespace safe_docker::commands
