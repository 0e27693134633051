// What the builtin `read` takes from a known text, and how it shares it out among variables.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "variables.hpp"

namespace safe_docker::shell {

struct ReadRequest {
  bool raw = false;                           // -r: a backslash is a character like others
  char delimiter = '\n';                      // -d; NUL reads all
  std::size_t most = std::string::npos;       // -n, -N
  bool exactly = false;                       // -N: neither delimiters nor separators count
  bool whole_line = false;                    // without variables: REPLY gets it all
  std::size_t fields = 1;                     // how many variables there are; 0: an array takes them all
  const ShellVariable* separators = nullptr;  // IFS; null if the text has not touched it
};

// Takes one line off `input` and gives the values of the variables. Nothing if they cannot be told: what is left of
// `input` is unknown then.
std::optional<std::vector<std::string>> ReadFields(const ReadRequest& request, std::string* input);

}  // namespace safe_docker::shell
