// Crashes in an initialiser, which the dynamic linker runs before anyone has asked for anything.
#include <cstdlib>

#include "fault.hpp"

namespace {

struct Crash {
  Crash() { std::abort(); }
};
const Crash crash;

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) { return SDP_OK; }

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
