// Reads HCL's native syntax, as far as the language goes: bodies, expressions, templates, heredocs, comments. What HCL
// refuses is a Failure with the place. Bounds keep the cost linear: depth, and the size of the file.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "syntax.hpp"

namespace safe_docker::bake {

inline constexpr std::size_t kMaxFileSize = std::size_t{1} << 20;
inline constexpr int kMaxDepth = 128;

// The whole of a file. `source` must outlive the result.
Body ReadHcl(const Source& source);

// A text of the JSON form, where every string is a template. Everything in it has the place given.
Expression ReadTemplate(std::string_view text, const Place& place);

}  // namespace safe_docker::bake
