// The subcommands of `safe-docker audit`: each prints to standard output and returns the process's exit code.
#pragma once

#include <string>
#include <vector>

namespace safe_docker::commands {

// `audit verify [--json] [--head HASH] [FILE]`: 0 if the log is whole, 1 if it is not, 2 if it cannot be read.
int AuditVerify(const std::vector<std::string>& arguments);

// `audit head [FILE]`: the hash of the log's last record, to be kept elsewhere and given to `verify --head`.
int AuditHead(const std::vector<std::string>& arguments);

// `audit show [OPTIONS]`: what was decided; `audit tail` goes on with what comes. With --exit-code 1 if there is
// nothing.
int AuditShow(const std::vector<std::string>& arguments);
int AuditTail(const std::vector<std::string>& arguments);

// `audit stats [--by PROPERTY] [OPTIONS]`: how many, how often denied, how long.
int AuditStats(const std::vector<std::string>& arguments);

// `audit replay [--config NEW] [OPTIONS]`: what would be decided otherwise. With --exit-code 1 if something would.
int AuditReplay(const std::vector<std::string>& arguments);

// `audit baseline [-o FILE]`: what the commands of each project do. `audit anomalies`: which do what theirs never did.
int AuditBaseline(const std::vector<std::string>& arguments);
int AuditAnomalies(const std::vector<std::string>& arguments);

// `audit suggest [OPTIONS]`: exceptions for what was asked about again and again; `--why ID` explains one record.
int AuditSuggest(const std::vector<std::string>& arguments);

}  // namespace safe_docker::commands
