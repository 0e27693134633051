// From a command line to what docker would be asked to do. Knows docker and never policy: it says what would happen,
// not whether that is wanted.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "docker/request.hpp"

namespace safe_docker::docker {

// The programs whose command lines this room reads, by the name that they are called with.
std::vector<std::string> ProgramNames();

// False if what files hold makes no difference to the command whose words these are.
bool MayReadProject(const std::vector<Word>& words);

// The words of `safe-docker compose … resolve …` (without the program's name) as those of `compose config`, which it
// stands beside; none if they are another command.
std::vector<Word> AsComposeConfig(std::span<const Word> words);

// The requests that `line` makes; none if it does nothing at all (docker --help). The first word is the program.
std::vector<Request> ReadCommandLine(const CommandLine& line);

}  // namespace safe_docker::docker
