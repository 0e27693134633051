// What holds of the requests of every command line, whatever its words are. A broken one ends the process, which is how
// libFuzzer learns of it.
#pragma once

#include <vector>

#include "docker/request.hpp"

namespace safe_docker::fuzz {

// Ends the process if `holds` is false, saying which rule was broken by which effect.
void Require(bool holds, const char* rule, const docker::Effect* effect = nullptr);

// Each effect is one that plugins know, says where it comes from, and names paths that can be judged.
void RequireSoundEffects(const std::vector<docker::Request>& requests);

// The unknown part of a value is seen by whoever judges: an effect holds it, is marked unresolved, or is an unknown
// one.
bool ShowsUnknownPart(const std::vector<docker::Request>& requests);

// Equal but for where something was said.
void RequireSameEffects(const std::vector<docker::Request>& left, const std::vector<docker::Request>& right,
                        const char* rule);

}  // namespace safe_docker::fuzz
