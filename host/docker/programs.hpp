// The programs whose command lines are read here: docker under its names, tools that speak docker's language with
// differences of their own, programs that run such a tool in a virtual machine, and safe-docker itself. Each is a row.
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
  Dialect dialect = Dialect::kDocker;
  bool is_own = false;              // safe-docker as the wrapper
  bool is_virtual_machine = false;  // its words hold another command line, which it runs in a virtual machine
};

// The row of a program by its base name; docker's for a name that has none.
const Program& FindProgram(std::string_view name);

// True if a tool that reaches an engine stands in `text` as a word of its own.
bool NamesEngineTool(std::string_view text);

// The command line that a virtual machine's program runs inside.
struct InnerCall {
  std::vector<Word> words;  // the program and its words; empty if it runs none that is a row here
  bool is_unread = false;   // it may run one that nobody can see
};
InnerCall ReadInnerCall(const Program& program, std::span<const Word> words);

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
