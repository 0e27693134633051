// Runs out of stack, so that a signal handler needs one of its own.
#include "fault.hpp"

namespace {

int Recurse(const volatile char* from, int depth) {
  volatile char frame[4096];
  frame[0] = from[0];
  return depth < 0 ? 0 : Recurse(frame, depth + 1) + frame[0];
}

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) {
  volatile char first = 1;
  return Recurse(&first, 0);
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
