// Brace expansion: {a,b} and {1..3} make several words of one before anything else is expanded.
#pragma once

#include <vector>

#include "syntax/arena.hpp"
#include "syntax/ast.hpp"

namespace safe_docker::shell {

struct BraceExpansion {
  bool too_much = false;           // a bound was reached: `words` is not all
  std::vector<const Part*> words;  // the parts of each word
};

BraceExpansion ExpandBraces(const SyntaxWord& word, Arena* arena);

}  // namespace safe_docker::shell
