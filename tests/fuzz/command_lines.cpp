#include "command_lines.hpp"

#include <algorithm>

namespace safe_docker::fuzz {

std::string TextOf(const std::uint8_t* data, std::size_t size) {
  std::string text(data, data + size);
  std::replace(text.begin(), text.end(), kUnknownByte, kUnknownPart);
  return text;
}

Word MakeWord(std::string text) {
  Word word;
  word.written = "'" + text + "'";
  word.text = std::move(text);
  return word;
}

std::vector<Word> WordsOf(std::string_view text) {
  std::vector<Word> words;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    words.push_back(MakeWord(std::string(text.substr(0, blank))));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return words;
}

CommandLine MakeCommandLine(std::vector<Word> words) {
  static constexpr const char* kEnvironment[] = {"HOME=/nowhere/me", "PATH=/nowhere/bin",
                                                 "SSH_AUTH_SOCK=/nowhere/agent", nullptr};
  CommandLine line;
  line.cwd = "/nowhere/me/project";
  line.environment = Environment(kEnvironment);
  line.source = "a command line";
  line.words = std::move(words);
  return line;
}

}  // namespace safe_docker::fuzz
