// The two rules of HCL's heredocs: where one ends, and what <<- takes away.
#pragma once

#include <string_view>

#include "syntax.hpp"

namespace safe_docker::bake {

// True if the first line of `rest` is the end of a heredoc.
bool IsHeredocEnd(std::string_view rest, std::string_view marker);

// Takes the blanks off that all lines of a template begin with. Where lines of different kinds make that doubtful, the
// template gets a piece that is not known.
void RemoveIndentation(Expression& text);

}  // namespace safe_docker::bake
