// The one way from requests to a verdict, used by every door: the plugins that the configuration wants look at the
// requests, and their findings are merged with what the door itself has found.
#pragma once

#include <vector>

#include "docker/request.hpp"
#include "policy/config.hpp"
#include "policy/finding.hpp"

namespace safe_docker::modes {

struct Judgement {
  policy::Verdict verdict;
  std::vector<docker::Request> requests;  // with those that expanders made
};

// Judges `requests`. `findings` are the door's own. `advise`: notes are wanted whatever the verdict; else they come
// with an ask alone.
Judgement Judge(std::vector<docker::Request> requests, std::vector<policy::Finding> findings,
                const policy::LoadedConfig& config, bool advise);

}  // namespace safe_docker::modes
