// Prints where the answer goes, and finds nothing.
#include <unistd.h>

#include <cstdio>

#include "fault.hpp"

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink* sink) {
  static_cast<void>(sink);
  constexpr std::string_view kNoise = "noise\n";
  std::puts("more noise");
  return write(STDOUT_FILENO, kNoise.data(), kNoise.size()) > 0 ? SDP_OK : SDP_FAILED;
}

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
