// Splits the text of a command into words as compose does: blanks, quotes and backslashes, nothing of it expanded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::compose {

std::vector<std::string> SplitShellWords(std::string_view text);

}  // namespace safe_docker::compose
