// What the real bash says about the syntax of a text.
#pragma once

#include <string>

namespace safe_docker::shell {

// Whether `bash -n` accepts the text. Extended patterns are on, as the parser has them.
bool BashAccepts(const std::string& text);

// The function that bash makes of the text, as bash prints it; empty if it cannot stand in a function.
std::string BashFunction(const std::string& text);

}  // namespace safe_docker::shell
