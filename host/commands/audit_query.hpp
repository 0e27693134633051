// What the commands that read the audit log have in common: which files they read, which of the records they take, and
// what they say of lines that cannot be read.
#pragma once

#include <string>
#include <vector>

#include "audit/log_filter.hpp"
#include "audit/log_reader.hpp"
#include "commands/options.hpp"

namespace safe_docker::commands {

// The options of such a command: its own, then those of the filters, --input-file and --config.
std::vector<OptionSpec> WithQueryOptions(std::vector<OptionSpec> own);

struct AuditQuery {
  audit::LogFilter filter;
  std::string input;    // --input-file; empty: the log
  std::string path;     // of the log
  std::string problem;  // for people; empty if all is well

  // Of what is read.
  const std::string& name() const { return input.empty() ? path : input; }
};

// `config_names_log`: --config says where the log is, rather than what it is compared with.
AuditQuery ReadAuditQuery(const Options& options, bool config_names_log = true);

// The files that are meant, opened. A missing log is a problem, of which `query` then tells.
std::vector<audit::LineSource> OpenQuery(AuditQuery* query);

// Warns of lines that could not be read.
void WarnOfBadLines(const audit::LogReader& reader);

}  // namespace safe_docker::commands
