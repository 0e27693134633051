// The words that make a text interesting, and how they are found in words, patterns and texts that nobody could parse.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {

class Names {
 public:
  explicit Names(const std::vector<std::string>& names) : names_(names) {}

  bool Contains(std::string_view name) const;
  // Whether a name stands in `text` as a word of its own, quotes and backslashes aside.
  bool MentionedIn(std::string_view text) const;
  // Whether a name stands anywhere in `text`, if only as a part of a word.
  bool StandsIn(std::string_view text) const;
  // Whether a name is followed by a blank and what may follow it.
  bool CalledIn(std::string_view text) const;
  // The name that a command word with unknown parts or globs may turn out to be; empty if none, or if too little of it
  // is known to tell.
  std::string_view MayBe(std::string_view word, const std::vector<std::uint32_t>& globs) const;

 private:
  bool MentionedLiterally(std::string_view text) const;

  const std::vector<std::string>& names_;
};

// Whether `word` is one of the sub-commands or global options that may follow a container engine's name.
bool LooksLikeSubcommand(std::string_view word);
// Whether the words after an unknown command are such as only a container engine takes.
bool LooksLikeEngineArguments(const std::vector<Word>& words);

}  // namespace safe_docker::shell
