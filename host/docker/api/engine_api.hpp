// Requests of the Engine API, read into the same requests and effects as the command lines that would cause them: for
// programs that speak to the engine's socket themselves, and for those who stand between a client and the engine. Reads
// as the engine does (percent-encoding, versions, Go's JSON) and takes whatever it does not know for unknown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "docker/request.hpp"

namespace safe_docker::docker {

// One request to an engine as the client sends it. Unknown parts may stand in each text (kUnknownPart).
struct EngineCall {
  std::string method;
  std::string target;               // path and query as sent: percent-encoded, with or without version and host
  std::string content_type;         // empty if there is none
  std::optional<std::string> body;  // nothing if nobody has seen it; empty if there is none
  Evidence evidence;
};

// Adds the effects of `call` to `request`, whose cwd, home, paths and environment are set, and says which command it
// is. Never throws. Whatever is not understood is an unknown effect.
void ReadEngineCall(const EngineCall& call, Request* request);

}  // namespace safe_docker::docker
