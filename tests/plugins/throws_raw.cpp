// Lets an exception escape into the host.
#include <stdexcept>

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  static_cast<void>(sink);
  throw std::runtime_error("escaped");
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
