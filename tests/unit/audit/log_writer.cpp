// Appends records to a log as many times as it is told, for the tests that let several of it write at once or kill it:
// log_writer FILE WRITER-NUMBER RECORDS COMMAND-SIZE MAX-MIB KEEP chain|plain
#include <cstdio>
#include <cstdlib>
#include <string>

#include "audit/audit_log.hpp"

int main(int argc, char** argv) {
  using namespace safe_docker;
  if (argc != 8) {
    std::fputs("usage: log_writer FILE WRITER-NUMBER RECORDS COMMAND-SIZE MAX-MIB KEEP chain|plain\n", stderr);
    return 2;
  }
  policy::AuditSettings settings;
  settings.jsonl_path = argv[1];
  settings.max_size_mb = std::strtoull(argv[5], nullptr, 10);
  settings.keep = static_cast<std::uint32_t>(std::strtoul(argv[6], nullptr, 10));
  settings.chain = std::string(argv[7]) == "chain";
  settings.redact = policy::Redaction::kOff;
  const long count = std::strtol(argv[3], nullptr, 10);
  const std::string padding(std::strtoul(argv[4], nullptr, 10), 'x');
  for (long number = 0; number < count; ++number) {
    audit::Record record = audit::MakeRecord({}, {});
    record.time_unix_nano = 1760000000000000000;
    record.mode = "hook";
    record.command = "writer " + std::string(argv[2]) + " record " + std::to_string(number) + " " + padding;
    const std::string problem = audit::Write(record, settings);
    if (!problem.empty()) {
      std::fprintf(stderr, "%s\n", problem.c_str());
      return 1;
    }
  }
  return 0;
}
