// Reads the words of a docker command line as docker's own parser (pflag and cobra) does: which command, which options
// with which values, which arguments. Knows nothing of what they mean. What docker would refuse, and what nobody can
// know before the command runs, becomes a Doubt; nothing is skipped.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "docker/grammar.hpp"

namespace safe_docker::docker {

struct GivenOption {
  Flag flag;
  std::string value;    // "true" or "false" for a switch
  std::string written;  // the word or words
};

// Something that keeps the reading from being certain.
struct Doubt {
  std::string what;  // "unknown flag --foo", or what docker takes instead: "--memory takes a size such as 512m"
  std::string written;
  bool is_refusal = false;  // docker itself would refuse it
};

struct Invocation {
  Command command = Command::Root();
  std::vector<GivenOption> options;  // of all levels, in the order written
  std::vector<Word> arguments;
  std::vector<Doubt> doubts;
  bool prints_help = false;  // --help at a place where docker obeys it: nothing else happens
};

// Reads `words` (without the program's name) from `start` downwards. Where two programs claim a command, `classic`
// takes the older one.
Invocation ReadArguments(Command start, std::span<const Word> words, bool classic = false);

// The value of the last option `name` at any level; null if it was not given.
const GivenOption* LastOption(const Invocation& invocation, std::string_view name);

// Go's strconv.ParseBool: true, false, or nothing.
std::optional<bool> ParseBool(std::string_view text);

}  // namespace safe_docker::docker
