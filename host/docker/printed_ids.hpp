// Which docker commands print an id or a name and nothing else, so that what `$(docker build -q .)` becomes is no
// option and no path.
#pragma once

#include <vector>

#include "command_line.hpp"

namespace safe_docker::docker {

// True if the command whose words these are, the program first, prints at most one id or name.
bool PrintsIdentifier(const std::vector<Word>& words);

}  // namespace safe_docker::docker
