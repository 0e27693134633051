// Divides by zero, which is SIGFPE on x86; elsewhere it raises that itself.
#include <csignal>

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  static_cast<void>(sink);
  volatile int zero = 0;
  volatile int result = 1 / zero;
  std::raise(SIGFPE);
  return result;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
