// Where a value ends in a shell's text, at whatever depth of quoting it stands: what the scanner for secrets needs to
// know of the shell, and no more.
#pragma once

#include <cstddef>
#include <string_view>

namespace safe_docker::audit {

// What a value stands in.
struct Surroundings {
  char quote = '\0';           // that is open there
  bool ends_at_comma = false;  // one of several in a word: o=username=me,password=x
};

// The end of the word that begins at `at`.
std::size_t WordEnd(std::string_view text, std::size_t at, const Surroundings& around);

// The end of a text in quotes whose first byte is at `at`, the opening quote being at `at - 1`: that of its last byte.
// `escaped`: the quotes are \".
std::size_t QuotedEnd(std::string_view text, std::size_t at, char quote, bool escaped);

bool IsBlank(char letter);
bool EndsCommand(char letter);

}  // namespace safe_docker::audit
