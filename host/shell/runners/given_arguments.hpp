// The commands that xargs and GNU parallel make of arguments that are known: from a pipe, a file or the command line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "runner_prefix.hpp"

namespace safe_docker::shell {

// More commands than this are not built one by one.
inline constexpr std::size_t kMostGivenCommands = 64;

// The arguments of each command that xargs starts; nothing if they cannot be told. With a replacement string each list
// holds the one text that takes its place.
std::optional<std::vector<std::vector<std::string>>> XargsGroups(const Prefix& prefix, std::string_view input);

// The replacement string that xargs or parallel was given; empty if none.
std::string ReplacementOf(const Prefix& prefix);

// `words`, all but the first with `from` replaced by `value`.
std::vector<Word> WithReplacement(std::vector<Word> words, std::string_view from, std::string_view value);

// One of the lists of arguments on parallel's command line.
struct ArgumentSource {
  bool in_files = false;  // ::::
  bool linked = false;    // :::+ and ::::+: taken together with the list before
  std::vector<std::string> values;
};

// Takes the lists off the end of `words`, which then are the template alone.
std::vector<ArgumentSource> TakeArgumentSources(std::vector<Word>* words);

// Whether parallel makes of its arguments what ParallelTexts does.
bool IsPlainParallel(const Prefix& prefix);

// The texts that parallel hands to a shell, one for each combination of the lists' values; nothing if there are too
// many.
std::optional<std::vector<std::string>> ParallelTexts(std::string_view command, std::string_view replacement,
                                                      const std::vector<ArgumentSource>& sources);

// The lines of a text as parallel takes them for arguments.
std::vector<std::string> LinesOf(std::string_view text, char end);

}  // namespace safe_docker::shell
