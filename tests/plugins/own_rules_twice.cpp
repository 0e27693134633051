// Has a rule from its settings that its description has already.
#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) { return SDP_OK; }

constexpr sdp_array kTwice = fault::ArrayOf(fault::kRules);

const void* Extension(void*, const char*) { return &kTwice; }

constexpr sdp_plugin WithExtension() {
  sdp_plugin plugin = fault::Plugin(&Check);
  plugin.extension = &Extension;
  return plugin;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = WithExtension();
