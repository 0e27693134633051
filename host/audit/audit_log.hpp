// Appends records to the audit log's files. Called after the answer has gone out: whatever goes wrong here is said on
// standard error and changes no verdict.
#pragma once

#include <string>

#include "audit/record.hpp"
#include "policy/config.hpp"

namespace safe_docker::audit {

// Writes `record`, without its secrets, in the formats that `settings` want. Returns what went wrong, or nothing.
std::string Write(Record record, const policy::AuditSettings& settings);

}  // namespace safe_docker::audit
