// What the completions of all shells are made of: the tree of commands, and what may stand at each of its places. The
// writers of the scripts (completion_scripts.cpp) turn it into tables of their shell; what the shell does with these is
// in completion/, a file a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/commands.hpp"

namespace safe_docker::commands {

// What completes a value or a word.
enum class Completes : std::uint8_t { kNothing, kFiles, kFolders, kWords, kDockerCommand };

struct Offer {
  Completes by = Completes::kNothing;
  std::vector<std::string_view> words = {};  // of kWords
};

// Of what OptionSpec::value or Manual::words calls `value`.
Offer OfferFor(std::string_view value);

// What stands behind the words of `name`: "", "audit", "audit show". "plugin" is no command, but has some below it.
struct Place {
  struct Word {
    std::string_view word;
    std::string text;
  };
  std::string name;
  std::vector<Word> below = {};  // the next words of commands
  std::vector<OptionSpec> options = {};
  std::string_view words = {};  // as Manual::words
  Offer offer = {};             // of those words
  // docker has a command of this name as well: what stands behind it may be docker's.
  bool is_dockers_too = false;
};
std::vector<Place> Places(const std::vector<Command>& all);

// The scripts.
std::string BashCompletion(const std::vector<Place>& places);
std::string ZshCompletion(const std::vector<Place>& places);
std::string FishCompletion(const std::vector<Place>& places);

}  // namespace safe_docker::commands
