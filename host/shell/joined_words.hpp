// How words are put back together to text that a shell reads.
#pragma once

#include <numeric>
#include <string>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::shell {

// The word so that a shell reads it as it is; one that may split stays without quotes.
inline std::string Quoted(const Word& word) {
  if (word.may_split) {
    return word.text;
  }
  std::string quoted = "'";
  for (const char c : word.text) {
    c == '\'' ? quoted.append("'\\''") : quoted.append(1, c);
  }
  return quoted + "'";
}

// The words from `from` on, with blanks between them.
inline std::string JoinedText(const std::vector<Word>& words, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < words.size(); ++i) {
    text.append(i == from ? "" : " ").append(words[i].text);
  }
  return text;
}

// How much text the words hold.
inline std::size_t LengthOf(const std::vector<Word>& words) {
  return std::accumulate(words.begin(), words.end(), std::size_t{0},
                         [](std::size_t length, const Word& word) { return length + word.text.size(); });
}

}  // namespace safe_docker::shell
