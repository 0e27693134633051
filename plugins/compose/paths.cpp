#include "paths.hpp"

#include <cstddef>
#include <safe_docker/checker.hpp>

namespace safe_docker::compose {
namespace {

void AppendPart(std::string& path, std::string_view part) {
  if (part.empty() || part == ".") {
    return;
  }
  if (part == "..") {
    path.resize(path.empty() ? 0 : path.rfind('/'));
    return;
  }
  path += '/';
  path += part;
}

std::string Clean(std::string_view absolute) {
  std::string path;
  path.reserve(absolute.size());
  while (!absolute.empty()) {
    const std::size_t slash = absolute.find('/');
    AppendPart(path, absolute.substr(0, slash));
    absolute.remove_prefix(slash == std::string_view::npos ? absolute.size() : slash + 1);
  }
  return path.empty() ? "/" : path;
}

std::string Concatenate(std::string_view base, std::string_view path) {
  std::string joined(base);
  joined += '/';
  joined += path;
  return joined;
}

bool Climbs(std::string_view path) { return path.starts_with('/') && path.find("..") != std::string_view::npos; }

}  // namespace

std::string AbsolutePath(std::string_view path, std::string_view base) {
  const bool is_anchored = path.starts_with('/') || path.starts_with('\0');
  std::string joined = is_anchored ? std::string(path) : Concatenate(base, path);
  return plugin::IsKnown(joined) ? Clean(joined) : joined;
}

std::string AbsolutePathWithHome(std::string_view path, std::string_view base, std::string_view home) {
  if (!path.starts_with('~')) {
    return AbsolutePath(path, base);
  }
  const std::string_view known_home = home.empty() ? std::string_view("\0", 1) : home;
  return AbsolutePath(Concatenate(known_home, path.substr(1)), base);
}

std::string OpenedPath(std::string_view path, std::string_view base) {
  return Climbs(path) ? std::string(path) : AbsolutePath(path, base);
}

std::string OpenedPathWithHome(std::string_view path, std::string_view base, std::string_view home) {
  return Climbs(path) ? std::string(path) : AbsolutePathWithHome(path, base, home);
}

std::string_view FolderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos || slash == 0 ? std::string_view("/") : path.substr(0, slash);
}

bool IsRemote(std::string_view reference) {
  if (reference.find("://") != std::string_view::npos || reference.starts_with("github.com/")) {
    return true;
  }
  // user@host:path, the short form of an ssh address.
  const std::size_t at = reference.find('@');
  const std::size_t colon = reference.find(':', at == std::string_view::npos ? reference.size() : at);
  return colon != std::string_view::npos && reference.substr(0, colon).find('/') == std::string_view::npos;
}

bool IsStream(std::string_view path) {
  if (path == "-" || path == "/dev/stdin" || path.starts_with("/dev/fd/")) {
    return true;
  }
  return path.starts_with("/proc/") && path.find("/fd/") != std::string_view::npos;
}

std::string_view OpenedStream(std::string_view path) { return path == "-" ? std::string_view("/dev/stdin") : path; }

}  // namespace safe_docker::compose
