// Reports memory that nobody filled in.

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  const sdp_finding finding = {};
  sink->report(sink->context, &finding);
  return SDP_OK;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
