// Appends records to the audit log's files. Called after the answer has gone out: whatever goes wrong here is said on
// standard error and changes no verdict.
#pragma once

#include <string>

#include "audit/record.hpp"
#include "policy/config.hpp"

namespace safe_docker::audit {

// Writes `record` in the formats that `settings` want. Returns what went wrong, or nothing.
std::string Write(Record record, const policy::AuditSettings& settings);

// Appends `line` and a line end to `path` in one write. The file is made readable by its owner alone, its folder too.
// Returns what went wrong, or nothing.
std::string AppendLine(const std::string& path, std::string line);

}  // namespace safe_docker::audit
