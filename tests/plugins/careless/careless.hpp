// What the careless plugins share. The host cannot tell any of them from a sound one, or denies only where it comes to
// that; `plugin check` finds out each, by the one thing that its file is named after. FAULT_ID, from CMakeLists.txt, is
// the file's name with dashes.
#pragma once

#include <safe_docker/checker.hpp>

namespace careless {

using namespace safe_docker::plugin;

inline constexpr sdp_rule kRules[] = {
    Rule(SDP_DENY, {"found", "what the test looks for", "it shows that the plugin was asked", ""}),
};

inline constexpr std::string_view kNoSettings = R"({"type": "object", "additionalProperties": false})";

constexpr sdp_description Describe(std::string_view schema = kNoSettings) {
  return {sizeof(sdp_description),
          0,
          Text(FAULT_ID),
          Text("1.2.3"),
          Text("A test plugin"),
          Text("MIT OR Apache-2.0"),
          Text(""),
          ArrayOf(kRules),
          {},
          0,
          Text(schema)};
}

inline constexpr sdp_description kDescription = Describe();

inline void Object(const Request& request, Findings& findings, std::string_view message = "it is there",
                   std::string_view advice = "Do without it.") {
  findings.Report("found", SDP_DENY, request.evidence(), message, advice);
}

}  // namespace careless
