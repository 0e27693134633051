// A command line from words that are already separate, as a person's shell or a test case gives them.
#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::modes {

// A word as it could be typed: quoted where a shell would read it otherwise.
std::string QuoteWord(const std::string& text);

// The command line of `words`, the program's name first, run in `cwd`; empty if that is not known.
CommandLine LineOfWords(const std::vector<std::string>& words, const std::string& cwd, const Environment& environment);

}  // namespace safe_docker::modes
