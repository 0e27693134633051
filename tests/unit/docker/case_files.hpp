// Reads case files, one row a case, "WHAT => EFFECTS", and renders requests the way they are written there.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"

namespace safe_docker::docker {

// What a case file says of effects.
struct CaseStyle {
  bool says_why_unknown;     // the reason of an unknown effect
  bool says_what_is_inside;  // the image and the command in the container
};

// "COMMAND | KIND SUBJECT name=NAME target=TARGET options=OPTIONS !unresolved | ...", "//" between requests. Empty
// fields are left out, and so is the engine, which is the matter of tests of its own.
std::string Render(const std::vector<Request>& requests, CaseStyle style);

// Calls `read` with the left side of each row of the file, and compares with the right side. The number of rows.
int CheckCases(const std::string& name, const std::function<std::string(const std::string& row)>& read);

// The first effect of this kind; null if there is none.
const Effect* FindEffect(const std::vector<Request>& requests, sdp_effect_kind kind);

}  // namespace safe_docker::docker
