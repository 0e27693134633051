// Has a rule from its settings whose decision does not exist.
#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) { return SDP_OK; }

constexpr sdp_rule kWrong[] = {fault::Rule(7, {"made", "a rule from settings", "it is wrong", ""})};
constexpr sdp_array kRules = fault::ArrayOf(kWrong);

const void* Extension(void*, const char*) { return &kRules; }

constexpr sdp_plugin WithExtension() {
  sdp_plugin plugin = fault::Plugin(&Check);
  plugin.extension = &Extension;
  return plugin;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = WithExtension();
