#include "audit/audit_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace safe_docker::audit {
namespace {

// Makes the folders that `path` lies in.
void MakeFolders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0700);
  }
}

// A line of the log stays below what one write() puts down in one piece.
constexpr std::size_t kLongestCommand = 16 * 1024;

void ShortenCommand(Record* record) {
  if (record->command.size() > kLongestCommand) {
    record->command.resize(kLongestCommand);
    record->command += "...";
  }
}

std::string Problem(const std::string& path) { return path + ": " + std::strerror(errno); }

}  // namespace

std::string AppendLine(const std::string& path, std::string line) {
  if (path.empty()) {
    return "there is no home to keep it in; name a file with [audit] jsonl_path and otlp_path";
  }
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
  int descriptor = open(path.c_str(), kFlags, 0600);
  if (descriptor < 0 && errno == ENOENT) {
    MakeFolders(path);
    descriptor = open(path.c_str(), kFlags, 0600);
  }
  if (descriptor < 0) {
    return Problem(path);
  }
  struct stat status = {};
  std::string problem;
  line += '\n';
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    problem = path + ": not a regular file";
  } else if (status.st_uid == geteuid() && (status.st_mode & 077) != 0 && fchmod(descriptor, 0600) != 0) {
    problem = Problem(path);
  } else if (const ssize_t written = write(descriptor, line.data(), line.size()); written < 0) {
    problem = Problem(path);
  } else if (static_cast<std::size_t>(written) != line.size()) {
    problem = path + ": only a part of the line could be written";
  }
  close(descriptor);
  return problem;
}

std::string Write(Record record, const policy::AuditSettings& settings) {
  ShortenCommand(&record);
  std::string problem;
  if (settings.format != policy::AuditFormat::kOtlp) {
    problem = AppendLine(settings.jsonl_path, EncodeJsonLine(record));
  }
  if (settings.format != policy::AuditFormat::kJsonLines) {
    const std::string otlp_problem = AppendLine(settings.otlp_path, EncodeOtlpLine(record));
    problem += problem.empty() || otlp_problem.empty() ? otlp_problem : "; " + otlp_problem;
  }
  return problem;
}

}  // namespace safe_docker::audit
