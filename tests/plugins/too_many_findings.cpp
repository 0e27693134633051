// Does not stop reporting before it is stopped.

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  const sdp_finding finding = fault::Finding(SDP_ALLOW, "found", "once more");
  while (sink->report(sink->context, &finding) == SDP_OK) {
  }
  return SDP_OK;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
