// What the test plugins share. Each is sound in all but the one thing that its file is named after, and wants to see
// every request. FAULT_ID, from CMakeLists.txt, is the file's name with dashes.
#pragma once

#include <safe_docker/checker.hpp>

namespace fault {

using namespace safe_docker::plugin;

inline constexpr sdp_rule kRules[] = {
    Rule(SDP_DENY, {"found", "what the test looks for", "it shows that the plugin was asked", ""}),
};

constexpr sdp_description Describe(std::uint32_t flags = 0) {
  return {sizeof(sdp_description),
          flags,
          Text(FAULT_ID),
          Text("1.2.3"),
          Text("A test plugin"),
          Text("MIT OR Apache-2.0"),
          Text(""),
          ArrayOf(kRules),
          {},
          0,
          Text("{}")};
}

inline constexpr sdp_description kDescription = Describe();

inline std::int32_t Create(const sdp_host*, const sdp_finding_sink*, void**) { return SDP_OK; }

using CheckFunction = std::int32_t (*)(void*, const sdp_request*, const sdp_finding_sink*);

// A plugin written against the C contract alone: nothing stands between it and the host.
constexpr sdp_plugin Plugin(CheckFunction check) {
  return {
      sizeof(sdp_plugin), SDP_ABI_MAJOR, SDP_ABI_MINOR, 0, &kDescription, &Create, check, nullptr, nullptr, nullptr};
}

// A finding that the host takes.
constexpr sdp_finding Finding(sdp_decision decision, std::string_view rule, std::string_view message) {
  return {sizeof(sdp_finding), decision, Text(rule), Text(message), {}, nullptr, nullptr};
}

}  // namespace fault
