// Returns something that is no status.

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  static_cast<void>(sink);
  return 42;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
