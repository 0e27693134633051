// Reports a rule that its description does not have, after one that it has.

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  const sdp_finding good = fault::Finding(SDP_DENY, "found", "a sound finding");
  const sdp_finding bad = fault::Finding(SDP_ALLOW, "made-up", "an unsound one");
  sink->report(sink->context, &good);
  sink->report(sink->context, &bad);
  return SDP_OK;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
