// "Did you mean …?": the known word that a misspelt one is nearest to. For settings that a plugin checks, as
// safe-docker does for its own. Header-only, and without the C++ runtime library.
#ifndef SAFE_DOCKER_NEAREST_HPP
#define SAFE_DOCKER_NEAREST_HPP

#include <cstddef>
#include <string_view>

namespace safe_docker::plugin {

// No word that people write is longer; a longer one has no neighbours.
inline constexpr std::size_t kLongestWord = 100;

// How many letters must be added, removed or replaced to make one of the other (Levenshtein's distance); kLongestWord +
// 1 if one of them is longer than that.
constexpr std::size_t EditDistance(std::string_view left, std::string_view right) {
  if (left.size() > kLongestWord || right.size() > kLongestWord) {
    return kLongestWord + 1;
  }
  std::size_t row[kLongestWord + 1] = {};
  for (std::size_t column = 0; column <= right.size(); ++column) {
    row[column] = column;
  }
  for (std::size_t line = 1; line <= left.size(); ++line) {
    std::size_t diagonal = row[0];
    row[0] = line;
    for (std::size_t column = 1; column <= right.size(); ++column) {
      const std::size_t replaced = diagonal + (left[line - 1] == right[column - 1] ? 0 : 1);
      const std::size_t moved = (row[column] < row[column - 1] ? row[column] : row[column - 1]) + 1;
      diagonal = row[column];
      row[column] = replaced < moved ? replaced : moved;
    }
  }
  return row[right.size()];
}

// Of `known`, any range of texts, the nearest to `word`; empty if none is near.
template <typename Words>
constexpr std::string_view Nearest(std::string_view word, const Words& known) {
  std::string_view nearest;
  std::size_t smallest = word.size() > kLongestWord ? 0 : word.size() / 2 + 1;
  for (const std::string_view candidate : known) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace safe_docker::plugin

#endif
