// Has rules from its settings that would be read from anywhere.
#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) { return SDP_OK; }

constexpr sdp_array kWrong = {fault::kRules, 1, 3};

const void* Extension(void*, const char*) { return &kWrong; }

constexpr sdp_plugin WithExtension() {
  sdp_plugin plugin = fault::Plugin(&Check);
  plugin.extension = &Extension;
  return plugin;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = WithExtension();
