// Reads the JSON form of HCL: the same bodies, where every text of an expression is a template. Positions are kept.
#pragma once

#include "syntax.hpp"

namespace safe_docker::bake {

// The whole of a file. `source` must outlive the result.
Body ReadJson(const Source& source);

}  // namespace safe_docker::bake
