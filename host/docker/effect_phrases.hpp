// The effects of requests in words for people, one row a kind: "makes /etc visible in the container as /x". Says what
// would happen and never what to think of it.
#pragma once

#include <string>
#include <string_view>

#include "docker/request.hpp"

namespace safe_docker::docker {

// The name of a kind, as declarative rules spell it: "mount", "namespace".
std::string_view NameOf(sdp_effect_kind kind);

std::string Phrase(const Effect& effect);

// `pattern` with {s}, {n}, {t}, {o} and {p} replaced by the effect's subject, name, target, options and the path that
// its links lead to. A part in brackets is left out if one of the fields in it is empty.
std::string FillIn(std::string_view pattern, const Effect& effect);

}  // namespace safe_docker::docker
