// Requests and findings as members of a record: all that is needed to judge the same requests once more under another
// configuration (`safe-docker audit replay`).
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "docker/request.hpp"
#include "policy/finding.hpp"

namespace safe_docker::audit {

// A list of requests that takes at most as much room as a record has for it. Unknown parts stay NUL characters.
// `is_cut`: some did not fit.
nlohmann::ordered_json RequestsJson(const std::vector<docker::Request>& requests, bool* is_cut);

nlohmann::ordered_json FindingsJson(const std::vector<policy::Finding>& findings);

// `text` for people and log readers: unknown parts, which are NUL bytes inside the host, as "?".
std::string Readable(std::string text);

}  // namespace safe_docker::audit
