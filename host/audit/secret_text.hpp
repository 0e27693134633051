// Finds the secrets in a text by what stands beside them and by their shape: a shell's words, JSON, YAML, headers and
// addresses, at any depth of quoting. It reads every text alike and never fails; what a program makes of the text is
// known better from the parsed requests (redaction.hpp), which this stands behind.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::audit {

struct Secret {
  std::size_t begin = 0;  // in the text, without quotes around it where that is possible
  std::size_t end = 0;
  std::string kind;   // "env", "option", "header", "url", "token", "jwt", "key", "stdin"
  std::string name;   // what stands beside it; may be empty
  std::string value;  // without quotes
};

// `all_variables`: the value of every variable that is written in capitals, whatever its name.
std::vector<Secret> FindSecrets(std::string_view text, bool all_variables);

// What a shell makes of a quoted piece of text, near enough to recognise it elsewhere.
std::string WithoutQuotes(std::string_view text);

// Whether a value beside a sensitive name is none that needs hiding: a variable's reference, true, a path.
bool IsHarmlessValue(std::string_view value);

}  // namespace safe_docker::audit
