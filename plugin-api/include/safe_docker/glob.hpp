// Globs for paths and image names, as safe-docker's configuration has them: "*" stands for anything but "/", "**" for
// anything. Header-only, and without the C++ runtime library.
#ifndef SAFE_DOCKER_GLOB_HPP
#define SAFE_DOCKER_GLOB_HPP

#include <string_view>

namespace safe_docker::plugin {

// True if the whole of `text` matches `pattern`. Takes at most pattern.size() * text.size() steps.
constexpr bool MatchesGlob(std::string_view pattern, std::string_view text) {
  constexpr std::size_t kNowhere = std::string_view::npos;
  // After the last "*" and "**": where the pattern goes on, and up to where the text is taken by them. Only the last
  // one of each need be tried again, since a later one can take over whatever an earlier one leaves.
  std::size_t star = kNowhere;
  std::size_t star_text = 0;
  std::size_t globstar = kNowhere;
  std::size_t globstar_text = 0;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size() || p < pattern.size()) {
    if (p + 1 < pattern.size() && pattern[p] == '*' && pattern[p + 1] == '*') {
      p += 2;
      globstar = p;
      globstar_text = t;
      star = kNowhere;
    } else if (p < pattern.size() && pattern[p] == '*') {
      p += 1;
      star = p;
      star_text = t;
    } else if (p < pattern.size() && t < text.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != kNowhere && star_text < text.size() && text[star_text] != '/') {
      p = star;
      t = ++star_text;
    } else if (globstar != kNowhere && globstar_text < text.size()) {
      star = kNowhere;
      p = globstar;
      t = ++globstar_text;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace safe_docker::plugin

#endif
