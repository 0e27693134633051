// Reports a decision that does not exist.

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  const sdp_finding finding = fault::Finding(0, "found", "decided nothing");
  sink->report(sink->context, &finding);
  return SDP_OK;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
