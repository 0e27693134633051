// What doctor says of the audit log. Nothing is written to it.
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "audit/log_file.hpp"
#include "audit/verify.hpp"
#include "commands/doctor.hpp"

namespace safe_docker::commands {
namespace {

using policy::AuditFormat;

constexpr std::uint64_t kLargestVerified = 8ULL * 1024 * 1024;
constexpr std::uint64_t kLittleSpace = 64ULL * 1024 * 1024;

std::string FolderOf(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

// The nearest folder on the way to `path` that is there: those below it are made when the first record is written.
std::string NearestFolder(const std::string& path) {
  std::string folder = FolderOf(path);
  struct stat status = {};
  while (folder != "/" && lstat(folder.c_str(), &status) != 0 && errno == ENOENT) {
    folder = FolderOf(folder);
  }
  return folder;
}

bool CheckWritable(const std::string& path, Findings* findings) {
  audit::LogFile file(path, {});
  const bool is_open = file.Open(0);
  if (!is_open && file.problem().empty()) {
    const std::string folder = NearestFolder(path);
    struct stat status = {};
    if (stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || access(folder.c_str(), W_OK | X_OK) != 0) {
      findings->Fail("audit.writable",
                     path + " cannot be made: " + folder + ": " +
                         (S_ISDIR(status.st_mode) ? std::strerror(errno) : "not a folder"),
                     "Make that folder yours, or name another file with [audit] jsonl_path or otlp_path.");
      return false;
    }
    findings->Ok("audit.writable", path + " is made with the first record");
    return true;
  }
  if (!file.problem().empty()) {
    findings->Fail("audit.writable", file.problem() + ": what is judged is not recorded",
                   "Mend that, or name another file with [audit] jsonl_path or otlp_path.");
    return false;
  }
  findings->Ok("audit.writable", path);
  return true;
}

void CheckFolder(const std::string& path, Findings* findings) {
  const std::string folder = NearestFolder(path);
  struct stat status = {};
  if (stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0) {
    findings->Fail("audit.folder", "everyone may write to " + folder + ", and so replace the log",
                   "Repair it: chmod go-w " + folder);
  }
  struct statvfs space = {};
  if (statvfs(folder.c_str(), &space) != 0) {
    return;
  }
  const std::uint64_t left = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
  if (left < kLittleSpace) {
    findings->Warn("audit.space", "the disk of " + folder + " has only " + std::to_string(left >> 20U) + " MiB left",
                   "Make room, or lower [audit] max_size_mb and keep: without room nothing is recorded.");
  }
}

void CheckChain(const policy::AuditSettings& settings, Findings* findings) {
  struct stat status = {};
  if (!settings.chain || settings.format == AuditFormat::kOtlp || stat(settings.jsonl_path.c_str(), &status) != 0) {
    return;
  }
  std::uint64_t size = static_cast<std::uint64_t>(status.st_size);
  for (std::uint32_t number = 1; number <= settings.keep; ++number) {
    const std::string rotated = settings.jsonl_path + "." + std::to_string(number);
    size += stat(rotated.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  }
  if (size > kLargestVerified) {
    findings->Ok("audit.chain",
                 "not looked at, there are " + std::to_string(size >> 20U) + " MiB; `safe-docker audit verify` does");
    return;
  }
  const audit::Verification log = audit::VerifyLog(settings.jsonl_path, "");
  if (log.problem.empty() && log.holds()) {
    findings->Ok("audit.chain", std::to_string(log.chained) + " records, each follows the one before it");
    return;
  }
  findings->Fail("audit.chain", log.problem.empty() ? "the log has been changed, or a part of it is gone" : log.problem,
                 "Look with `safe-docker audit verify`, and find out who has written to it.");
}

}  // namespace

void CheckAuditLog(const Visit& visit, Findings* findings) {
  const policy::AuditSettings settings = ConfigurationOf(visit).config.audit;
  const bool is_asked_for = visit.environment.GetOr("SAFE_DOCKER_AUDIT", "") == "1";
  if (!settings.enabled && !is_asked_for) {
    findings->Ok("audit.enabled", "off; `enabled = true` below [audit] keeps a record of what is judged");
    return;
  }
  findings->Ok("audit.enabled", settings.enabled ? "on" : "on, by SAFE_DOCKER_AUDIT=1");
  if (settings.format != AuditFormat::kOtlp && CheckWritable(settings.jsonl_path, findings)) {
    CheckFolder(settings.jsonl_path, findings);
    CheckChain(settings, findings);
  }
  if (settings.format != AuditFormat::kJsonLines && CheckWritable(settings.otlp_path, findings)) {
    CheckFolder(settings.otlp_path, findings);
  }
}

}  // namespace safe_docker::commands
