// Turns a row of a case file into a command line: words are split at blanks, '...' keeps blanks, and "<?>" stands for a
// part that nobody knows ("<*>" for one that may also split into several words).
#pragma once

#include <string>
#include <string_view>

#include "command_line.hpp"

namespace safe_docker::docker {

inline void Replace(std::string* text, std::string_view from, std::string_view to) {
  for (std::size_t at = text->find(from); at != std::string::npos; at = text->find(from, at + to.size())) {
    text->replace(at, from.size(), to);
  }
}

inline Word MakeWord(std::string text) {
  Word word;
  word.written = text;
  word.may_split = text.find("<*>") != std::string::npos;
  const std::string unknown(1, kUnknownPart);
  Replace(&text, "<?>", unknown);
  Replace(&text, "<*>", unknown);
  word.text = std::move(text);
  return word;
}

inline CommandLine MakeCommandLine(std::string_view row) {
  CommandLine line;
  line.cwd = "/home/user/project";
  static constexpr const char* kInherited[] = {"HOME=/home/user", nullptr};
  line.environment = Environment(kInherited);
  line.source = row;
  std::string word;
  bool in_word = false;
  bool quoted = false;
  for (const char letter : row) {
    if (letter == '\'') {
      quoted = !quoted;
      in_word = true;
    } else if (letter == ' ' && !quoted) {
      if (in_word) {
        line.words.push_back(MakeWord(word));
      }
      word.clear();
      in_word = false;
    } else {
      word += letter;
      in_word = true;
    }
  }
  if (in_word) {
    line.words.push_back(MakeWord(word));
  }
  return line;
}

}  // namespace safe_docker::docker
