#include "describe_effect.hpp"

#include <iterator>

namespace safe_docker::docker {
namespace {

using nlohmann::json;

constexpr const char* kKinds[] = {"?",
                                  "unknown",
                                  "mount-host-path",
                                  "read-host-path",
                                  "write-host-path",
                                  "delete-host-path",
                                  "use-volume",
                                  "inherit-mounts",
                                  "privileged",
                                  "add-capability",
                                  "join-namespace",
                                  "use-device",
                                  "security-option",
                                  "set-sysctl",
                                  "cgroup-parent",
                                  "add-host",
                                  "build-argument",
                                  "build-credential",
                                  "use-image",
                                  "use-engine",
                                  "destroy",
                                  "run-code",
                                  "run-command",
                                  "publish-port",
                                  "pass-environment",
                                  "use-api-socket",
                                  "change-engine",
                                  "use-runtime",
                                  "send",
                                  "fetch",
                                  "set-option",
                                  "control-container",
                                  "raw-engine",
                                  "ordinary-option"};
static_assert(std::size(kKinds) == SDP_EFFECT_KIND_COUNT);

}  // namespace

json DescribeEffect(const Effect& effect) {
  return {{"kind", kKinds[effect.kind]},
          {"subject", effect.subject},
          {"name", effect.name},
          {"target", effect.target},
          {"options", effect.options},
          {"resolved", effect.resolved},
          {"read_only", (effect.flags & SDP_EFFECT_READ_ONLY) != 0},
          {"unresolved", (effect.flags & SDP_EFFECT_UNRESOLVED) != 0}};
}

}  // namespace safe_docker::docker
