// Writes a syntax tree as shell text again: one command a line, indented, words as they were written. The text parses
// to the same tree.
#pragma once

#include <string>

#include "parser.hpp"

namespace safe_docker::shell {

// What parsed of a program. A here-document whose body stands behind the $(...) that holds it (`has_late_body`) has
// none in the result.
std::string Print(const Program& program);
std::string Print(const Command& command);

}  // namespace safe_docker::shell
