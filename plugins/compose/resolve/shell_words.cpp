#include "shell_words.hpp"

namespace safe_docker::compose {

std::vector<std::string> SplitShellWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool has_word = false;
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char byte = text[at];
    const bool is_blank = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
    if (byte == '\\' && quote != '\'' && at + 1 < text.size()) {
      word += text[++at];
      has_word = true;
    } else if (quote != '\0') {
      byte == quote ? static_cast<void>(quote = '\0') : word.push_back(byte);
    } else if (byte == '"' || byte == '\'') {
      quote = byte;
      has_word = true;
    } else if (!is_blank) {
      word += byte;
      has_word = true;
    } else if (has_word) {
      words.push_back(std::move(word));
      word.clear();
      has_word = false;
    }
  }
  if (has_word) {
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace safe_docker::compose
