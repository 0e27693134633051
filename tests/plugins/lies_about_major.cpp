// Has the entry symbol of major 1 and says that it speaks major 2.
#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) { return SDP_OK; }

constexpr sdp_plugin OfMajorTwo() {
  sdp_plugin plugin = fault::Plugin(&Check);
  plugin.abi_major = 2;
  return plugin;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = OfMajorTwo();
