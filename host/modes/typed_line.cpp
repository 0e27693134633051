#include "modes/typed_line.hpp"

namespace safe_docker::modes {

std::string QuoteWord(const std::string& text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+,./:@%^";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) {
    return text;
  }
  std::string quoted = "'";
  for (const char letter : text) {
    quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  }
  return quoted + "'";
}

CommandLine LineOfWords(const std::vector<std::string>& words, const std::string& cwd, const Environment& environment) {
  CommandLine line;
  line.environment = environment;
  line.cwd = cwd.empty() ? std::string(1, kUnknownPart) : cwd;
  for (const std::string& text : words) {
    Word word;
    word.text = text;
    word.written = QuoteWord(text);
    line.source += (line.source.empty() ? "" : " ") + word.written;
    line.words.push_back(std::move(word));
  }
  return line;
}

}  // namespace safe_docker::modes
