#include "file_system.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace safe_docker {
namespace {

constexpr int kMostLinks = 40;  // as the kernel's own limit

ResolvedPath::Kind KindOf(const struct stat& status) {
  switch (status.st_mode & S_IFMT) {
    case S_IFREG:
      return ResolvedPath::Kind::kRegular;
    case S_IFDIR:
      return ResolvedPath::Kind::kDirectory;
    case S_IFSOCK:
      return ResolvedPath::Kind::kSocket;
    case S_IFBLK:
      return ResolvedPath::Kind::kBlockDevice;
    case S_IFCHR:
      return ResolvedPath::Kind::kCharacterDevice;
    default:
      return ResolvedPath::Kind::kOther;
  }
}

// Takes the first component off `rest`, which does not start with a slash.
std::string_view TakeComponent(std::string_view* rest) {
  const std::size_t slash = rest->find('/');
  const std::string_view component = rest->substr(0, slash);
  *rest = slash == std::string_view::npos ? std::string_view{} : rest->substr(slash + 1);
  return component;
}

// `path` is empty or starts with a slash.
void RemoveLastComponent(std::string* path) { path->resize(path->empty() ? 0 : path->rfind('/')); }

}  // namespace

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string CleanPath(std::string_view path, std::string_view base) {
  std::string clean;
  clean.reserve(base.size() + path.size() + 1);
  const auto append = [&clean](std::string_view rest) {
    while (!rest.empty()) {
      const std::string_view component = TakeComponent(&rest);
      if (component == "..") {
        RemoveLastComponent(&clean);
      } else if (!component.empty() && component != ".") {
        clean.append("/").append(component);
      }
    }
  };
  if (!path.starts_with('/')) {
    append(base);
  }
  append(path);
  return clean.empty() ? "/" : clean;
}

const PathResolver::Node& PathResolver::LookAt(const std::string& path) {
  const auto [place, is_new] = seen_.try_emplace(path);
  Node& node = place->second;
  if (!is_new) {
    return node;
  }
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0) {
    node.may_be_there = errno != ENOENT && errno != ENOTDIR;
    return node;
  }
  node.kind = KindOf(status);
  if (S_ISLNK(status.st_mode)) {
    char target[4096];
    const ssize_t size = readlink(path.c_str(), target, sizeof target);
    node.is_link = size >= 0;
    node.may_be_there = size < 0;
    node.target.assign(target, size < 0 ? 0 : static_cast<std::size_t>(size));
  }
  return node;
}

// Walks `rest` component by component as the kernel does; what is missing is appended as it stands.
void PathResolver::Follow(std::string rest, ResolvedPath* result) {
  std::string resolved;
  int links = 0;
  bool missing = false;
  result->kind = ResolvedPath::Kind::kDirectory;  // of "/"
  while (!rest.empty()) {
    std::string_view view = rest;
    const std::string component(TakeComponent(&view));
    rest.erase(0, rest.size() - view.size());
    if (component.empty() || component == ".") {
      continue;
    }
    if (component == "..") {
      RemoveLastComponent(&resolved);
      result->kind = ResolvedPath::Kind::kDirectory;
      continue;
    }
    std::string next = resolved + "/" + component;
    if (missing) {
      resolved = std::move(next);
      continue;
    }
    const Node& node = LookAt(next);
    if (node.is_link && ++links <= kMostLinks) {
      if (node.target.starts_with('/')) {
        resolved.clear();
      }
      rest = rest.empty() ? node.target : node.target + "/" + rest;
      continue;
    }
    result->complete = result->complete && !node.is_link && !node.may_be_there;
    missing = node.kind == ResolvedPath::Kind::kMissing;
    result->kind = node.kind;
    resolved = std::move(next);
  }
  if (missing) {
    result->kind = ResolvedPath::Kind::kMissing;
  }
  result->resolved = resolved.empty() ? "/" : std::move(resolved);
}

ResolvedPath PathResolver::Resolve(std::string_view path, std::string_view base) {
  ResolvedPath result;
  result.clean = CleanPath(path, base);
  Follow(result.clean, &result);
  return result;
}

ResolvedPath PathResolver::ResolveAsOpened(std::string_view path, std::string_view base) {
  ResolvedPath result;
  result.clean = CleanPath(path, base);
  Follow(path.starts_with('/') ? std::string(path) : std::string(base) + "/" + std::string(path), &result);
  return result;
}

ResolvedPath ResolvePath(std::string_view path, std::string_view base) { return PathResolver().Resolve(path, base); }

bool IsWithin(std::string_view path, std::string_view folder) {
  while (!folder.empty() && folder.back() == '/') {
    folder.remove_suffix(1);
  }
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

FileContent ReadRegularFile(const std::string& path, std::uint64_t limit) {
  FileContent content;
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) {
    content.status = errno == ENOENT || errno == ENOTDIR ? FileContent::Status::kMissing : FileContent::Status::kFailed;
    content.error = std::strerror(errno);
    return content;
  }
  struct stat status = {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    content.error = "not a regular file";
  } else if (static_cast<std::uint64_t>(status.st_size) > limit) {
    content.error = "larger than " + std::to_string(limit) + " bytes";
  } else {
    content.text.resize(static_cast<std::size_t>(status.st_size));
    std::size_t size = 0;
    ssize_t count = 1;
    while (size < content.text.size() &&
           (count = read(descriptor, content.text.data() + size, content.text.size() - size)) > 0) {
      size += static_cast<std::size_t>(count);
    }
    content.text.resize(size);
    content.status = count < 0 ? FileContent::Status::kFailed : FileContent::Status::kRead;
    content.error = count < 0 ? std::strerror(errno) : "";
  }
  close(descriptor);
  return content;
}

}  // namespace safe_docker
