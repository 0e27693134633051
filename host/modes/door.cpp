#include "modes/door.hpp"

#include <unistd.h>

#include <chrono>

#include "audit/audit_log.hpp"
#include "diagnostics.hpp"

extern char** environ;  // POSIX leaves it to the program to declare

namespace safe_docker::modes {
namespace {

std::string HostName() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::string ConfigSource(const policy::LoadedConfig& config) {
  std::string source;
  for (const std::string& file : config.files) {
    source += (source.empty() ? "" : ",") + file;
  }
  return source.empty() ? "default" : source;
}

}  // namespace

Environment ProcessEnvironment() { return Environment(environ); }

void WriteAudit(const Occasion& occasion, const Judgement& judgement, const policy::LoadedConfig& config,
                const Environment& environment) {
  if (!config.config.audit.enabled && environment.GetOr("SAFE_DOCKER_AUDIT", "") != "1") {
    return;
  }
  audit::Record record = audit::MakeRecord(judgement.requests, judgement.verdict);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  record.time_unix_nano = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  record.mode = occasion.mode;
  record.session_id = occasion.session_id;
  record.command = occasion.command;
  record.cwd = occasion.cwd;
  record.pid = getpid();
  record.host_name = HostName();
  record.environment = environment.GetOr("SAFE_DOCKER_ENV", "development");
  record.config_source = ConfigSource(config);
  const std::string problem = audit::Write(record, config.config.audit);
  if (!problem.empty()) {
    diagnostics::Warn("the audit log cannot be written: " + problem);
  }
}

}  // namespace safe_docker::modes
