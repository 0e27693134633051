#include "volume_spec.hpp"

#include <safe_docker/checker.hpp>

#include "paths.hpp"

namespace safe_docker::compose {
namespace {

bool IsLetter(char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

// Nothing to clean in most of them.
bool IsClean(std::string_view path) {
  return path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos &&
         (path.size() == 1 || !path.ends_with('/'));
}

}  // namespace

std::vector<std::string_view> SplitSpec(std::string_view spec) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < spec.size(); ++at) {
    const bool is_drive = at == begin + 1 && IsLetter(spec[begin]);
    if (spec[at] == ':' && !is_drive) {
      parts.push_back(spec.substr(begin, at - begin));
      begin = at + 1;
    }
  }
  parts.push_back(spec.substr(begin));
  return parts;
}

std::vector<std::string_view> SplitOptions(std::string_view text, char separator) {
  std::vector<std::string_view> options;
  while (!text.empty()) {
    const std::size_t at = text.find(separator);
    options.push_back(text.substr(0, at));
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  }
  return options;
}

bool IsPropagation(std::string_view option) {
  if (option.starts_with('r') && option != "ro" && option != "rw") {
    option.remove_prefix(1);
  }
  return option == "shared" || option == "slave" || option == "private";
}

bool IsWindowsPath(std::string_view source) {
  return source.starts_with("\\\\") || (source.size() > 1 && IsLetter(source[0]) && source[1] == ':');
}

bool IsPathOfVolume(std::string_view source) {
  return IsWindowsPath(source) || source.starts_with('.') || source.starts_with('/') || source.starts_with('~');
}

std::string_view VolumeTarget(std::string_view spec) {
  const std::vector<std::string_view> parts = SplitSpec(spec);
  return parts.size() == 1 ? parts[0] : parts[1];
}

std::string_view VolumeKey(std::string_view target, Arena& arena) {
  const bool may_be_cleaned = plugin::IsKnown(target) && target.starts_with('/') && !IsClean(target);
  return may_be_cleaned ? arena.Copy(AbsolutePath(target, "/")) : target;
}

}  // namespace safe_docker::compose
