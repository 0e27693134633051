#include "places.hpp"

namespace safe_docker::rules {

const std::optional<std::vector<std::string>>& Places::PatternsFor(const std::string& pattern, std::string_view home) {
  if (home != home_) {  // hardly ever changes between two requests
    placed_.clear();
    home_ = home;
  }
  const auto found = placed_.find(pattern);
  return found != placed_.end() ? found->second : placed_.emplace(pattern, Place(pattern)).first->second;
}

std::optional<std::string> Places::Resolve(std::string_view path) const {
  sdp_path found{};
  if (host_.ResolvePath(path, "/", &found) != SDP_OK) {
    return std::nullopt;
  }
  return std::string(plugin::View(found.resolved));
}

std::optional<std::vector<std::string>> Places::Place(const std::string& pattern) const {
  std::string text = pattern;
  if (text.starts_with('~')) {
    if (!home_.starts_with('/') || !plugin::IsKnown(home_)) {
      return std::nullopt;
    }
    std::string home = home_;
    while (home.size() > 1 && home.ends_with('/')) {
      home.pop_back();
    }
    text = (home == "/" ? "" : home) + text.substr(1);
    text = text.empty() ? "/" : text;
  }
  std::vector<std::string> patterns = {text};
  // The folders that are named without a star.
  const std::size_t star = text.find('*');
  const std::size_t end = star == std::string::npos ? text.size() : text.rfind('/', star);
  if (end != std::string::npos && end > 0 && text.starts_with('/')) {
    const std::string folder = text.substr(0, end);
    const std::optional<std::string> resolved = Resolve(folder);
    if (resolved && *resolved != folder && resolved->starts_with('/')) {
      patterns.push_back((*resolved == "/" ? "" : *resolved) + text.substr(end));
      patterns.back() = patterns.back().empty() ? "/" : patterns.back();
    }
  }
  return patterns;
}

}  // namespace safe_docker::rules
