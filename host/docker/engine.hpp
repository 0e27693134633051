// Which engine a command line reaches, found as docker's client finds it, without talking to it: --context, -H,
// DOCKER_HOST, DOCKER_CONTEXT, the current context of config.json, the default socket.
#pragma once

#include <string>
#include <string_view>

#include "command_line.hpp"
#include "docker/arguments.hpp"

namespace safe_docker::docker {

struct Engine {
  std::string endpoint;   // "unix:///var/run/docker.sock", "tcp://host:2375", "ssh://host"; may hold unknown parts
  std::string chosen_by;  // "default", "--host", "DOCKER_HOST", "context NAME"
  bool is_remote = false;
  bool is_other = false;  // not the one that the user's own settings name
  std::string problem;    // why nobody can tell, if nobody can
};

// The engine that `invocation`, run with `environment`, would talk to.
Engine FindEngine(const Invocation& invocation, const Environment& environment);

}  // namespace safe_docker::docker
