// Whole command lines: the first byte chooses the program, kSeparatorByte or a new line ends a word, kUnknownByte is a
// part that nobody knows, kSplitsByte in a word says that it may split.
#include <algorithm>

#include "command_lines.hpp"
#include "docker/requests.hpp"
#include "invariants.hpp"

namespace safe_docker::fuzz {
namespace {

Word MakeArgument(std::string text) {
  const auto end = std::remove(text.begin(), text.end(), kSplitsByte);
  const bool may_split = end != text.end();
  text.erase(end, text.end());
  Word word = MakeWord(std::move(text));
  word.may_split = may_split && !IsKnown(word.text);
  return word;
}

void Check(std::uint8_t program, std::string_view text) {
  static const std::vector<std::string> kPrograms = docker::ProgramNames();
  std::vector<Word> words = {MakeWord(kPrograms[program % kPrograms.size()])};
  const char separators[] = {kSeparatorByte, '\n'};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(std::string_view(separators, sizeof separators)), text.size());
    words.push_back(MakeArgument(std::string(text.substr(0, end))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  RequireSoundEffects(docker::ReadCommandLine(MakeCommandLine(std::move(words))));
}

}  // namespace
}  // namespace safe_docker::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) {
    safe_docker::fuzz::Check(data[0], safe_docker::fuzz::TextOf(data + 1, size - 1));
  }
  return 0;
}
