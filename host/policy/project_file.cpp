#include "policy/project_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "file_system.hpp"
#include "sha256.hpp"

namespace safe_docker::policy {
namespace {

constexpr std::uint64_t kLargestFile = 1 << 20;
// A hash, a path, and what parts and ends them.
constexpr std::uint64_t kLargestRecord = 64 + 1 + 4096 + 1;

// True if the folder has something of this name, which is not followed.
bool Has(const std::string& folder, std::string_view name) {
  struct stat status = {};
  return lstat((folder + "/" + std::string(name)).c_str(), &status) == 0;
}

// The folders from `folder` up to, and without, `home`, for which `wanted` holds first.
template <typename Wanted>
std::string NearestFolder(std::string_view folder, std::string_view home, const Wanted& wanted) {
  if (home.empty() || !IsKnown(folder) || !folder.starts_with('/')) {
    return {};
  }
  const std::string top = ResolvePath(home, "/").resolved;
  std::string at = ResolvePath(folder, "/").resolved;
  while (at != top && IsWithin(at, top) && top != "/") {
    if (wanted(at)) {
      return at;
    }
    at.resize(at.rfind('/'));
  }
  return {};
}

void AddProblem(const std::string& file, std::string message, LoadedConfig* loaded) {
  Problem problem;
  problem.file = file;
  problem.message = std::move(message);
  loaded->problems.push_back(std::move(problem));
}

// A file that another user can write, or has put there, says nothing for this one: neither stricter things, which
// would be a nuisance only, nor anything that somebody trusted.
bool IsOwn(const std::string& path) {
  struct stat status = {};
  return lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid();
}

void ReadProjectFile(const Environment& environment, const std::string& path, const std::string& home,
                     const ReadingOptions& options, LoadedConfig* loaded) {
  const auto is_this = [&path](const ProjectFile& file) { return file.path == path; };
  if (std::any_of(loaded->project_files.begin(), loaded->project_files.end(), is_this)) {
    return;
  }
  if (!IsOwn(path)) {
    return AddProblem(path, "is no regular file of yours, so nobody knows who speaks in it", loaded);
  }
  const FileContent content = ReadRegularFile(path, kLargestFile);
  if (content.status != FileContent::Status::kRead) {
    return AddProblem(path, "cannot be read: " + content.error, loaded);
  }
  ProjectFile file{path, Sha256Hex(content.text), false};
  file.trusted = IsTrusted(environment, path, file.sha256);
  loaded->files.push_back(path);
  loaded->project_files.push_back(file);
  ApplyConfigText(content.text, path, home, options, loaded, file.trusted ? Author::kTrustedProject : Author::kProject);
}

}  // namespace

std::string FindProjectFile(std::string_view folder, std::string_view home) {
  const std::string found =
      NearestFolder(folder, home, [](const std::string& at) { return Has(at, kProjectFileName); });
  return found.empty() ? "" : found + "/" + std::string(kProjectFileName);
}

std::string FindProjectFolder(std::string_view folder, std::string_view home) {
  const std::string found =
      NearestFolder(folder, home, [](const std::string& at) { return Has(at, ".git") || Has(at, kProjectFileName); });
  return found.empty() ? NearestFolder(folder, home, [](const std::string&) { return true; }) : found;
}

void ReadProjectFiles(const Environment& environment, const std::string& home, const ReadingOptions& options,
                      LoadedConfig* loaded) {
  // The agent may have gone elsewhere; what its project asks for holds all the same.
  const std::string of_agent = environment.GetOr("CLAUDE_PROJECT_DIR", "");
  for (const std::string& folder : {of_agent, options.cwd}) {
    if (const std::string path = folder.empty() ? "" : FindProjectFile(folder, home); !path.empty()) {
      ReadProjectFile(environment, path, home, options, loaded);
    }
  }
}

std::string TrustRecordPath(const Environment& environment, std::string_view path) {
  const std::string home = environment.GetOr("HOME", "");
  return home.empty() ? "" : home + "/.local/share/safe-docker/trusted/" + Sha256Hex(path);
}

bool IsTrusted(const Environment& environment, std::string_view path, std::string_view sha256) {
  const std::string record = TrustRecordPath(environment, path);
  if (record.empty()) {
    return false;
  }
  struct stat status = {};
  if (lstat(record.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
      (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return false;
  }
  const FileContent content = ReadRegularFile(record, kLargestRecord);
  return content.status == FileContent::Status::kRead &&
         content.text == std::string(sha256) + " " + std::string(path) + "\n";
}

std::string Trust(const Environment& environment, const std::string& path, std::string_view sha256) {
  const std::string record = TrustRecordPath(environment, path);
  if (record.empty()) {
    return "HOME does not say where your home is, so nothing can be remembered";
  }
  for (std::size_t slash = record.find('/', 1); slash != std::string::npos; slash = record.find('/', slash + 1)) {
    mkdir(record.substr(0, slash).c_str(), 0700);
  }
  const std::string text = std::string(sha256) + " " + path + "\n";
  const std::string temporary = record + ".new";
  const int descriptor = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return temporary + ": " + std::strerror(errno);
  }
  const bool is_written = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool is_closed = close(descriptor) == 0;
  if (!is_written || !is_closed || rename(temporary.c_str(), record.c_str()) != 0) {
    return record + ": " + std::strerror(errno);
  }
  return {};
}

bool Distrust(const Environment& environment, std::string_view path) {
  const std::string record = TrustRecordPath(environment, path);
  return !record.empty() && unlink(record.c_str()) == 0;
}

std::vector<TrustRecord> TrustRecords(const Environment& environment) {
  std::vector<TrustRecord> records;
  const std::string any = TrustRecordPath(environment, "");
  const std::string folder = any.substr(0, any.rfind('/'));
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(folder.c_str()), &closedir);
  for (const dirent* entry = entries ? readdir(entries.get()) : nullptr; entry != nullptr;
       entry = readdir(entries.get())) {
    const FileContent content = ReadRegularFile(folder + "/" + entry->d_name, kLargestRecord);
    const std::size_t blank = content.text.find(' ');
    if (content.status != FileContent::Status::kRead || blank == std::string::npos || !content.text.ends_with('\n')) {
      continue;
    }
    TrustRecord record{content.text.substr(blank + 1, content.text.size() - blank - 2), content.text.substr(0, blank)};
    // One that would not be believed is not listed either.
    if (IsTrusted(environment, record.path, record.sha256) && entry->d_name == Sha256Hex(record.path)) {
      records.push_back(std::move(record));
    }
  }
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return records;
}

}  // namespace safe_docker::policy
