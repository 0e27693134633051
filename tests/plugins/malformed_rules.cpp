// Has rules that would be read from anywhere.
#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) { return SDP_OK; }

constexpr sdp_description Wrong() {
  sdp_description description = fault::Describe();
  description.rules.stride = 3;
  return description;
}
constexpr sdp_description kWrong = Wrong();

constexpr sdp_plugin Described() {
  sdp_plugin plugin = fault::Plugin(&Check);
  plugin.description = &kWrong;
  return plugin;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = Described();
