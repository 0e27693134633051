// Speaks ABI major 2 only, whose entry symbol has another name.
#include "fault.hpp"

extern "C" {
SDP_EXPORT extern const sdp_plugin safe_docker_plugin_v2;
constexpr sdp_plugin safe_docker_plugin_v2 =
    fault::Plugin([](void*, const sdp_request*, const sdp_finding_sink*) -> std::int32_t { return SDP_OK; });
}
