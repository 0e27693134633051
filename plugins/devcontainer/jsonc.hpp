// JSON with comments and commas behind the last item, as devcontainer.json is written: the same tree with places as the
// shared reader's, so that everything behind it is shared as well. Stricter than the tool, whose parser guesses on
// after an error: what is not valid fails.
#pragma once

#include <string_view>

#include "yaml/arena.hpp"
#include "yaml/failure.hpp"
#include "yaml/yaml.hpp"

namespace safe_docker::devcontainer {

// Reads `content`. Texts are handed to the replacement of `dialect`. Throws yaml::Failure.
const yaml::Node* ReadJsonc(std::string_view content, const yaml::Source& source, const yaml::Dialect& dialect,
                            yaml::Arena& arena);

}  // namespace safe_docker::devcontainer
