// What programs that only print would print, where their arguments are known: so that `echo "..." | sh` and
// "$(printf ...)" can be followed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::shell {

// The standard output of `words` (of which the first is the program), with unknown parts where a word has them; nothing
// if the program is none whose output is known.
std::optional<std::string> OutputOf(const std::vector<Word>& words, std::string_view cwd, const std::string* input);

// Whether the program turns text into other text that cannot be read in its arguments (base64 -d, xxd -r, rev, tr).
bool IsDecoder(const std::vector<Word>& words);

}  // namespace safe_docker::shell
