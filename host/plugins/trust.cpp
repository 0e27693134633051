#include "plugins/trust.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace safe_docker::plugins {
namespace {

constexpr int kMostLinks = 40;  // as the kernel's own limit

enum class Place { kAncestor, kFolderOfFile, kFile };

std::string Octal(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

// Walks a path as the kernel does, looking at every component on the way.
class Walk {
 public:
  Walk(const std::string& path, const Trust& trust) : path_(path), trust_(trust), rest_(path) {}

  TrustedFile Run() {
    bool good = CheckFolder("/", Place::kAncestor);
    while (good && !rest_.empty()) {
      good = Step(TakeComponent());
    }
    if (good && CheckEnd()) {
      result_.path = real_;
    }
    return std::move(result_);
  }

 private:
  std::string TakeComponent() {
    const std::size_t begin = rest_.find_first_not_of('/');
    if (begin == std::string::npos) {
      rest_.clear();
      return {};
    }
    const std::size_t end = rest_.find('/', begin);
    std::string component = rest_.substr(begin, end == std::string::npos ? end : end - begin);
    rest_.erase(0, end);
    return component;
  }

  bool Step(const std::string& component) {
    if (component.empty() || component == ".") {
      return true;
    }
    if (component == "..") {
      real_.resize(real_.empty() ? 0 : real_.rfind('/'));
      return true;
    }
    const std::string next = real_ + "/" + component;
    struct stat status = {};
    if (lstat(next.c_str(), &status) != 0) {
      const int error = errno;
      const bool is_end = rest_.find_first_not_of('/') == std::string::npos;
      return Refuse((is_end ? "" : path_ + " cannot be reached: ") + next + ": " + std::strerror(error),
                    "Install it there, or correct its path");
    }
    if (S_ISLNK(status.st_mode)) {
      return CheckOwner(next, status) && Follow(next);
    }
    real_ = next;
    return S_ISDIR(status.st_mode) ? CheckFolder(next, status, Place::kAncestor) : true;
  }

  // The rest of the path, after a link, begins with what the link says.
  bool Follow(const std::string& link) {
    char target[4096];
    const ssize_t size = readlink(link.c_str(), target, sizeof target);
    if (size <= 0 || ++links_ > kMostLinks) {
      return Refuse(link + " is a link that leads nowhere", "Correct the link");
    }
    std::string text(target, static_cast<std::size_t>(size));
    if (text.front() == '/') {
      real_.clear();
    }
    rest_ = rest_.empty() ? std::move(text) : text + "/" + rest_;
    return true;
  }

  // The file, and its folder, where a sticky bit is no excuse: a library may load others that lie beside it.
  bool CheckEnd() {
    struct stat status = {};
    const std::size_t slash = real_.rfind('/');
    if (slash == std::string::npos || lstat(real_.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
      return Refuse((real_.empty() ? "/" : real_) + " is not a regular file", "Correct its path");
    }
    return CheckFolder(slash == 0 ? "/" : real_.substr(0, slash), Place::kFolderOfFile) && CheckOwner(real_, status) &&
           CheckMode(real_, status, Place::kFile);
  }

  bool CheckFolder(const std::string& folder, Place place) {
    struct stat status = {};
    if (lstat(folder.c_str(), &status) != 0) {
      return Refuse(folder + ": " + std::strerror(errno), "Correct its path");
    }
    return CheckFolder(folder, status, place);
  }

  bool CheckFolder(const std::string& folder, const struct stat& status, Place place) {
    return CheckOwner(folder, status) && CheckMode(folder, status, place);
  }

  bool CheckOwner(const std::string& path, const struct stat& status) {
    if (status.st_uid == 0 || status.st_uid == trust_.user) {
      return true;
    }
    return Refuse(path + " belongs to user " + std::to_string(status.st_uid) + ", who could change it",
                  "Let root or user " + std::to_string(trust_.user) + " own it: chown " + std::to_string(trust_.user) +
                      " " + path);
  }

  bool CheckMode(const std::string& path, const struct stat& status, Place place) {
    // In a sticky folder such as /tmp nobody can replace what belongs to another.
    const bool sticky = place == Place::kAncestor && (status.st_mode & S_ISVTX) != 0;
    // A group with the number of the owner is the owner's own, as most distributions make one for each user; with the
    // umask that goes with it, 002, all of a user's files are writable by that group.
    const bool is_private_group = status.st_gid == status.st_uid && status.st_uid != 0;
    const mode_t others = is_private_group ? S_IWOTH : S_IWGRP | S_IWOTH;
    if ((status.st_mode & others) == 0 || sticky) {
      return true;
    }
    const bool everyone = (status.st_mode & S_IWOTH) != 0;
    const std::string refusal =
        path + " can be written by " + (everyone ? "everyone" : "its group") + " (mode " + Octal(status.st_mode) + ")";
    if ((status.st_mode & S_ISVTX) != 0) {
      return Refuse(refusal, "Move the file into a folder that only its owner can write");
    }
    return Refuse(refusal, "Repair it: chmod go-w " + path);
  }

  bool Refuse(std::string refusal, std::string advice) {
    result_.refusal = std::move(refusal);
    result_.advice = std::move(advice);
    return false;
  }

  const std::string& path_;
  const Trust& trust_;
  std::string rest_;  // of the path
  std::string real_;  // so far; empty is "/"
  int links_ = 0;
  TrustedFile result_;
};

}  // namespace

TrustedFile CheckTrust(const std::string& path, const Trust& trust) {
  if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos) {
    return {{}, "its path is not absolute", "Write the whole path"};
  }
  return Walk(path, trust).Run();
}

}  // namespace safe_docker::plugins
