#include "audit/log_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace safe_docker::audit {
namespace {

// Never a link's target, a terminal, or a FIFO that nobody reads.
constexpr int kSafely = O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
constexpr mode_t kForOwner = 0600;

// Makes the folders that `path` lies in.
void MakeFolders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0700);
  }
}

std::string Numbered(const std::string& path, std::uint32_t number) { return path + "." + std::to_string(number); }

bool Exists(const std::string& path) {
  struct stat status = {};
  return lstat(path.c_str(), &status) == 0;
}

void Sleep(std::chrono::microseconds time) {
  const timespec wanted = {0, static_cast<long>(time.count()) * 1000};
  nanosleep(&wanted, nullptr);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) {
    close(number_);
  }
}

bool LogFile::Fail(const std::string& path, std::string_view why) {
  problem_ = path + ": " + std::string(why);
  return false;
}

bool LogFile::FailWithErrno(const std::string& path) { return Fail(path, std::strerror(errno)); }

// Whoever may write to the file may write lines into it that nobody has judged; a second name may be any file's.
bool LogFile::Check(const std::string& path, const Descriptor& file) {
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) {
    return FailWithErrno(path);
  }
  if (!S_ISREG(status.st_mode)) {
    return Fail(path, "not a regular file");
  }
  if (status.st_uid != geteuid()) {
    return Fail(path, "belongs to another user");
  }
  if (status.st_nlink > 1) {
    return Fail(path, "has a second name (a hard link); remove one of them");
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Fail(path, "others may write to it; chmod 600 it, and look whether somebody has");
  }
  return true;
}

bool LogFile::OpenOnce() {
  // Read as well: its last byte says whether the last line was finished.
  file_ = Descriptor(open(path_.c_str(), O_RDWR | O_APPEND | kSafely));
  return file_.is_open();
}

bool LogFile::Open(std::size_t room) {
  if (path_.empty()) {
    problem_ = "there is no home to keep it in; name a file with [audit] jsonl_path and otlp_path";
    return false;
  }
  if (!OpenOnce()) {
    if (errno != ENOENT) {
      FailWithErrno(path_);
    }
    return false;
  }
  if (!Check(path_, file_)) {
    file_ = Descriptor();
    return false;
  }
  struct stat status = {};
  fstat(file_.get(), &status);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return limits_.largest == 0 || size == 0 || size + room <= limits_.largest;
}

bool LogFile::Lock() {
  const std::string path = path_ + ".lock";
  constexpr int kFlags = O_RDWR | O_CREAT | kSafely;
  lock_ = Descriptor(open(path.c_str(), kFlags, kForOwner));
  if (!lock_.is_open() && errno == ENOENT) {
    MakeFolders(path);
    lock_ = Descriptor(open(path.c_str(), kFlags, kForOwner));
  }
  if (!lock_.is_open()) {
    return FailWithErrno(path);
  }
  if (!Check(path, lock_)) {
    return false;
  }
  // Asked again and again, since a stopped process that holds it must not stop this one for ever.
  const auto end = std::chrono::steady_clock::now() + limits_.patience;
  for (std::chrono::microseconds pause{50}; flock(lock_.get(), LOCK_EX | LOCK_NB) != 0;) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return FailWithErrno(path);
    }
    if (std::chrono::steady_clock::now() >= end) {
      return Fail(path, "another process has held the lock for too long; end it, or remove [audit] chain");
    }
    Sleep(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(2000));
  }
  return true;
}

// Each rotated file becomes one older, up to the first number that is free; the oldest goes.
bool LogFile::MoveAway() {
  if (limits_.keep == 0) {
    return unlink(path_.c_str()) == 0 || FailWithErrno(path_);
  }
  std::uint32_t last = 1;
  while (last < limits_.keep && Exists(Numbered(path_, last))) {
    ++last;
  }
  for (std::uint32_t number = last; number > 1; --number) {
    rename(Numbered(path_, number - 1).c_str(), Numbered(path_, number).c_str());
  }
  return rename(path_.c_str(), Numbered(path_, 1).c_str()) == 0 || FailWithErrno(path_);
}

bool LogFile::Begin(std::string_view line) {
  if (file_.is_open() && !MoveAway()) {
    return false;
  }
  // Nobody ever sees the file without its first line. Files get this name with the lock alone, so none is in its place.
  const std::string fresh = path_ + ".new";
  unlink(fresh.c_str());
  file_ = Descriptor(open(fresh.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | kSafely, kForOwner));
  if (!file_.is_open()) {
    return FailWithErrno(fresh);
  }
  if (!line.empty() && !WriteWhole(file_, std::string(line) + "\n")) {
    return false;
  }
  return rename(fresh.c_str(), path_.c_str()) == 0 || FailWithErrno(path_);
}

bool LogFile::EndsInsideLine() const {
  struct stat status = {};
  char last = '\n';
  return fstat(file_.get(), &status) == 0 && status.st_size > 0 &&
         pread(file_.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
}

// Whether a killed writer has left half a line. Every writer shares the file while it writes, so what looks like one
// may be a line that is being written right now as long as the file cannot be had alone.
bool LogFile::NeedsRepair() const {
  flock(file_.get(), LOCK_SH | LOCK_NB);
  struct stat before = {};
  if (!EndsInsideLine() || fstat(file_.get(), &before) != 0) {
    return false;
  }
  constexpr int kMostLooks = 400;
  for (int look = 0; look < kMostLooks && flock(file_.get(), LOCK_EX | LOCK_NB) != 0; ++look) {
    Sleep(std::chrono::microseconds(500));
  }
  // Where others are so busy that it never can be had alone, half a line that was one is still the end.
  struct stat now = {};
  return EndsInsideLine() && fstat(file_.get(), &now) == 0 && now.st_size == before.st_size;
}

bool LogFile::WriteWhole(const Descriptor& file, std::string_view text) {
  const ssize_t written = write(file.get(), text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) {
    return true;
  }
  if (written < 0) {
    return FailWithErrno(path_);
  }
  // The rest may follow only where the first part ends: others may have written since.
  struct stat status = {};
  text.remove_prefix(static_cast<std::size_t>(written));
  if (fstat(file.get(), &status) == 0 && status.st_size == lseek(file.get(), 0, SEEK_CUR) &&
      write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) {
    return true;
  }
  return Fail(path_, "only a part of the line could be written");
}

bool LogFile::Append(std::string_view line, bool sync) {
  std::string text = NeedsRepair() ? "\n" : "";
  text += line;
  text += '\n';
  if (!WriteWhole(file_, text)) {
    return false;
  }
  if (sync && fsync(file_.get()) != 0) {
    return FailWithErrno(path_);
  }
  // Without the lock the file may have been moved since it was opened, which is well, or removed, which is not.
  struct stat status = {};
  if (fstat(file_.get(), &status) == 0 && status.st_nlink == 0) {
    return (Open(0) && WriteWhole(file_, text)) || Fail(path_, "was removed while it was written");
  }
  return true;
}

std::string LogFile::Tail(std::size_t size, bool rotated) const {
  Descriptor older;
  if (rotated) {
    older = Descriptor(open(Numbered(path_, 1).c_str(), O_RDONLY | kSafely));
  }
  const int file = rotated ? older.get() : file_.get();
  struct stat status = {};
  if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    return {};
  }
  const auto length = std::min(static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(size));
  std::string text(length, '\0');
  const ssize_t got = pread(file, text.data(), text.size(), status.st_size - static_cast<off_t>(length));
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

bool LogFile::has_rotated() const { return Exists(Numbered(path_, 1)); }

}  // namespace safe_docker::audit
