// Was built for a host that is newer than any there is.
#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) { return SDP_OK; }

constexpr sdp_plugin OfNewerMinor() {
  sdp_plugin plugin = fault::Plugin(&Check);
  plugin.abi_minor = SDP_ABI_MINOR + 7;
  return plugin;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = OfNewerMinor();
