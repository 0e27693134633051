// Needs a function that nobody has. Bound lazily, the call would end the process from inside the dynamic linker.
#include "fault.hpp"

extern "C" int safe_docker_test_function_of_nobody(void);

namespace {

std::int32_t Check(void*, const sdp_request*, const sdp_finding_sink*) { return safe_docker_test_function_of_nobody(); }

}  // namespace

extern "C" SDP_EXPORT constexpr sdp_plugin safe_docker_plugin_v1 = fault::Plugin(&Check);
