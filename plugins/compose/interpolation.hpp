// Replaces $NAME and ${NAME...} in a value as compose does, after the YAML has been parsed. What nobody can know
// becomes a NUL byte in the result; what compose would refuse becomes an InterpolationError.
#pragma once

#include <string>
#include <string_view>

#include "variables.hpp"

namespace safe_docker::compose {

struct InterpolationError {
  std::string message;
};

// True if `text` may change by interpolation.
inline bool HasVariables(std::string_view text) { return text.find('$') != std::string_view::npos; }

// `text` with its variables replaced. Throws InterpolationError.
std::string Interpolate(std::string_view text, const Variables& variables);

}  // namespace safe_docker::compose
