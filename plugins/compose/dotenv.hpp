// Reads .env files by compose's grammar: KEY=value lines with quotes, escapes and variables. What compose refuses is a
// Failure for the whole file, as it is for compose.
#pragma once

#include <string_view>

#include "variables.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// What a key does that an earlier file has defined.
enum class Redefinition : bool { kKeep, kReplace };

// Adds the definitions of `content`, the text of `file`, to `variables`. A later definition in the same file wins.
void ReadDotenv(std::string_view file, std::string_view content, Redefinition redefinition, Arena& arena,
                Variables& variables);

}  // namespace safe_docker::compose
