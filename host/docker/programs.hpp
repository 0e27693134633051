// The programs whose command lines are read here: docker under its names, programs that speak docker's language with
// flags of their own, and safe-docker itself. Each is a row.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "docker/grammar.hpp"

namespace safe_docker::docker {

struct Program {
  std::string_view name;
  std::string_view start;  // canonical path of the level that its words begin at; empty for docker's own level
  bool is_docker;          // false: another program with the same language and flags of its own
  bool is_own;             // safe-docker as the wrapper
};

// The row of a program by its base name; docker's for a name that has none.
const Program& FindProgram(std::string_view name);

// `docker-compose -H x -f y up` as `docker -H x compose -f y up`.
std::vector<Word> AsPluginCall(std::span<const Word> words);

// safe-docker's own words in front of docker's command: those that only look at something, and its options.
struct OwnWords {
  std::size_t count = 0;    // words that are not docker's
  bool runs_docker = true;  // false: a command of its own
  const Word* docker_path = nullptr;
};
OwnWords ReadOwnWords(std::span<const Word> words);

}  // namespace safe_docker::docker
