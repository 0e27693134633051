#include "file_system.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cstdlib>
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

// True for the folder that procfs keeps for one process, and what lies below it. Who "self" is depends on who looks, a
// number means another process to an engine in a namespace of its own, and the links below lead to whatever the process
// has open.
bool IsOfOneProcess(std::string_view path) {
  constexpr std::string_view kFolder = "/proc/";
  if (!path.starts_with(kFolder)) {
    return false;
  }
  path.remove_prefix(kFolder.size());
  const std::string_view process = path.substr(0, path.find('/'));
  return process == "self" || process == "thread-self" ||
         (!process.empty() && process.find_first_not_of("0123456789") == std::string_view::npos);
}

// True if `folder` lies in procfs, wherever that is mounted.
bool IsProcFs([[maybe_unused]] const std::string& folder) {
#ifdef __linux__
  struct statfs status = {};
  return statfs(folder.c_str(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
#else
  return false;
#endif
}

ResolvedPath::Kind KindBehindLinks(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 ? KindOf(status) : ResolvedPath::Kind::kMissing;
}

// Ends a walk at `place`, which means something else to each process, with `rest` behind it as it stands. Where ".."
// would lead from there nobody can tell.
void EndAtMagic(std::string place, std::string_view rest, ResolvedPath* result) {
  result->complete = false;
  while (!rest.empty()) {
    const std::string_view component = TakeComponent(&rest);
    if (component == "..") {
      break;
    }
    if (!component.empty() && component != ".") {
      place.append("/").append(component);
    }
  }
  result->kind = KindBehindLinks(place);
  result->resolved = std::move(place);
}

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
    const bool is_whole = size >= 0 && static_cast<std::size_t>(size) < sizeof target;
    node.is_link = is_whole;
    node.may_be_there = !is_whole;
    node.is_magic = IsProcFs(path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)));
    node.target.assign(target, is_whole ? static_cast<std::size_t>(size) : 0);
  }
  return node;
}

// Walks `rest` component by component as the kernel does; what is missing is appended as it stands.
void PathResolver::Follow(std::string rest, ResolvedPath* result) {
  std::string resolved;
  std::size_t at = 0;  // of what is left of `rest`
  int links = 0;
  bool missing = false;
  result->kind = ResolvedPath::Kind::kDirectory;  // of "/"
  while (at < rest.size()) {
    const std::size_t end = std::min(rest.find('/', at), rest.size());
    const std::string_view component = std::string_view(rest).substr(at, end - at);
    at = end + 1;
    if (component.empty() || component == ".") {
      continue;
    }
    if (component == "..") {
      RemoveLastComponent(&resolved);
      missing = false;
    } else {
      resolved.append("/").append(component);
    }
    if (resolved.empty()) {
      result->kind = ResolvedPath::Kind::kDirectory;
      continue;
    }
    if (missing) {
      continue;
    }
    const Node& node = LookAt(resolved);
    if (node.is_magic || IsOfOneProcess(resolved)) {
      return EndAtMagic(std::move(resolved), std::string_view(rest).substr(std::min(at, rest.size())), result);
    }
    if (node.is_link && ++links <= kMostLinks) {
      RemoveLastComponent(&resolved);
      if (node.target.starts_with('/')) {
        resolved.clear();
      }
      rest = at < rest.size() ? node.target + "/" + rest.substr(at) : node.target;
      at = 0;
      continue;
    }
    result->complete = result->complete && !node.is_link && !node.may_be_there;
    missing = node.kind == ResolvedPath::Kind::kMissing;
    result->kind = node.kind;
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

std::string CurrentFolder(const char* pwd) {
  struct stat here = {};
  struct stat named = {};
  if (pwd != nullptr && pwd[0] == '/' && stat(".", &here) == 0 && stat(pwd, &named) == 0 &&
      here.st_dev == named.st_dev && here.st_ino == named.st_ino) {
    return pwd;
  }
  char* current = getcwd(nullptr, 0);
  std::string folder = current != nullptr && current[0] == '/' ? current : "";
  std::free(current);
  return folder;
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
  } else if (!PathResolver().ResolveAsOpened(path, path.starts_with('/') ? "" : CurrentFolder(nullptr)).complete) {
    content.error = "what it is depends on which process opens it";
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
