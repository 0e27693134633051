// The functions of bake files that are simple enough to be exact. What is not here has a value that is not known.
#pragma once

#include <string_view>
#include <vector>

#include "value.hpp"

namespace safe_docker::bake {

// The value of a call whose arguments are known, down to parts of texts; unknown for any other function, and for
// arguments that it would refuse.
Value CallFunction(std::string_view name, const std::vector<Value>& arguments);

}  // namespace safe_docker::bake
