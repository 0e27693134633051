// Closes the descriptors that an answer goes to, and finds nothing.
#include <unistd.h>

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  static_cast<void>(sink);
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  return SDP_OK;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
