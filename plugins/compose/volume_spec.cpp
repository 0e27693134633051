#include "volume_spec.hpp"

#include "paths.hpp"

namespace safe_docker::compose {
namespace {

bool IsLetter(char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

}  // namespace

std::vector<std::string_view> SplitVolume(std::string_view spec) {
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

std::vector<std::string_view> SplitAt(std::string_view text, char separator) {
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

std::string CleanTarget(std::string_view target) {
  return target.starts_with('/') ? AbsolutePath(target, "/") : std::string(target);
}

}  // namespace safe_docker::compose
