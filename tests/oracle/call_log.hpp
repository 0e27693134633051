// Reads what the stubs have written down.
#pragma once

#include <string_view>
#include <vector>

#include "sandbox.hpp"

namespace safe_docker::oracle {

// The calls of a log, sorted, each once. A record that a snippet has cut short ends the reading.
std::vector<Call> ParseCallLog(std::string_view log);

}  // namespace safe_docker::oracle
