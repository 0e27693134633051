#include "agents/settings_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>

#include "file_system.hpp"

namespace safe_docker::agents {
namespace {

constexpr std::uint64_t kLargestFile = 4 * 1024 * 1024;
constexpr int kMostBackups = 99;
constexpr auto kUnchanged = static_cast<uid_t>(-1);  // to fchown

std::string ErrorText() { return std::strerror(errno); }

// "settings.json.safe-docker-backup", then "….2", "….3".
std::string BackupPath(const std::string& path, int number) {
  return path + ".safe-docker-backup" + (number == 1 ? "" : "." + std::to_string(number));
}

// Writes a file that must not exist yet; false with errno set if that does not work, and nothing is left then.
bool WriteNew(const std::string& path, std::string_view text, const struct stat& like) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) {
    return false;
  }
  bool is_written = true;
  while (is_written && !text.empty()) {
    const ssize_t size = write(file, text.data(), text.size());
    is_written = size > 0 || (size < 0 && errno == EINTR);
    text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  // Only root can give a file away, and only root's setup finds one of another owner. A group that one is not in cannot
  // be kept: then no other group gets its rights.
  const bool has_group = fchown(file, like.st_uid == geteuid() ? kUnchanged : like.st_uid, like.st_gid) == 0;
  const bool is_owned = has_group || like.st_uid == geteuid();
  const mode_t mode = like.st_mode & (has_group ? 07777 : 07707);
  is_written = is_written && is_owned && fchmod(file, mode) == 0 && fsync(file) == 0;
  const int error = errno;
  close(file);
  if (!is_written) {
    unlink(path.c_str());
    errno = error;
  }
  return is_written;
}

// The folders above `path` that are missing, for their owner alone.
bool MakeFoldersFor(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (mkdir(path.substr(0, slash).c_str(), 0700) != 0 && errno != EEXIST) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> TextOf(const std::string& path) {
  FileContent content = ReadRegularFile(path, kLargestFile);
  return content.status == FileContent::Status::kRead ? std::optional(std::move(content.text)) : std::nullopt;
}

// Where the old text lies now: in a new file, or in the newest one if that has it.
Written KeepOld(const SettingsFile& file, const struct stat& like) {
  for (int number = 1; number <= kMostBackups; ++number) {
    const std::string path = BackupPath(file.path, number);
    if (WriteNew(path, file.text, like)) {
      return {path, ""};
    }
    if (errno != EEXIST) {
      return {"", path + " cannot be written: " + ErrorText()};
    }
    struct stat next = {};
    if (TextOf(path) == file.text && lstat(BackupPath(file.path, number + 1).c_str(), &next) != 0) {
      return {path, ""};
    }
  }
  return {"", "there are " + std::to_string(kMostBackups) + " backups beside " + file.path + "; remove some"};
}

}  // namespace

SettingsFile ReadSettingsFile(const std::string& path) {
  SettingsFile file;
  const ResolvedPath resolved = ResolvePath(path, "/");
  file.path = resolved.resolved;
  if (!resolved.complete) {
    file.problem = "cannot be followed to where it leads";
    return file;
  }
  FileContent content = ReadRegularFile(file.path, kLargestFile);
  file.exists = content.status != FileContent::Status::kMissing;
  file.problem = content.status == FileContent::Status::kFailed ? "cannot be read: " + content.error : "";
  file.text = std::move(content.text);
  return file;
}

Written ReplaceSettingsFile(const SettingsFile& file, std::string_view text, OldText old_text) {
  struct stat like = {};
  like.st_uid = geteuid();
  like.st_gid = static_cast<gid_t>(-1);
  like.st_mode = 0600;
  if (!MakeFoldersFor(file.path)) {
    return {"", "the folder of " + file.path + " cannot be made: " + ErrorText()};
  }
  if (file.exists && lstat(file.path.c_str(), &like) != 0) {
    return {"", file.path + " has gone meanwhile; run this again"};
  }
  Written written;
  if (file.exists && old_text == OldText::kKept) {
    written = KeepOld(file, like);
    if (!written.problem.empty()) {
      return written;
    }
  }
  const std::string temporary = file.path + ".safe-docker-" + std::to_string(getpid());
  if (!WriteNew(temporary, text, like)) {
    return {"", temporary + " cannot be written: " + ErrorText()};
  }
  // Agents write their settings, too. Between this look and the next line nobody can be kept out.
  struct stat now = {};
  const bool is_same = file.exists ? TextOf(file.path) == file.text : lstat(file.path.c_str(), &now) != 0;
  if (!is_same || std::rename(temporary.c_str(), file.path.c_str()) != 0) {
    written.problem = is_same ? file.path + " cannot be replaced: " + ErrorText()
                              : file.path + " was changed by somebody else meanwhile; run this again";
    unlink(temporary.c_str());
  }
  return written;
}

std::string RemoveSettingsFile(const SettingsFile& file) {
  if (TextOf(file.path) != file.text) {
    return file.path + " was changed by somebody else meanwhile; run this again";
  }
  return unlink(file.path.c_str()) == 0 ? "" : file.path + " cannot be removed: " + ErrorText();
}

std::optional<std::string> NewestBackup(const SettingsFile& file) {
  std::optional<std::string> newest;
  for (int number = 1; number <= kMostBackups; ++number) {
    std::optional<std::string> text = TextOf(BackupPath(file.path, number));
    if (!text) {
      break;
    }
    newest = std::move(text);
  }
  return newest;
}

}  // namespace safe_docker::agents
