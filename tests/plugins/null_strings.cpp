// Reports a text that has a size but no bytes.

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  sdp_finding finding = fault::Finding(SDP_DENY, "found", {});
  finding.message = {nullptr, 7};
  sink->report(sink->context, &finding);
  return SDP_OK;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
