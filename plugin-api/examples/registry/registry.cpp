// An example of a third-party checker: images must come from our own registry.
//
//   [plugins.registry]
//   path = "~/.local/lib/safe-docker/plugins/registry.so"
//   [plugins.registry.settings]
//   registry = "registry.example.com"
#include <safe_docker/checker.hpp>

namespace {

using namespace safe_docker::plugin;

constexpr sdp_rule kRules[] = {
    Rule(SDP_DENY, {"foreign-registry", "an image that does not come from our registry",
                    "images from elsewhere are not scanned", "CIS-4.2"}),
};

constexpr sdp_description kDescription = {
    sizeof(sdp_description),
    0,
    Text("registry"),
    Text("1.0.0"),
    Text("Images must come from our registry"),
    Text("MIT OR Apache-2.0"),
    Text(""),
    ArrayOf(kRules),
    {},
    Bit(SDP_EFFECT_USE_IMAGE),
    Text(R"({"type": "object", "required": ["registry"], "additionalProperties": false,
             "properties": {"registry": {"type": "string", "minLength": 1, "examples": ["registry.example.com"]}}})")};

class Registry {
 public:
  // The schema has seen to it that it is there.
  void Create(const Host& host, Findings&) { registry_ = host.SettingText("/registry", {}); }

  void Check(const Request& request, Findings& findings) const {
    for (const Effect effect : request.effects()) {
      if (effect.kind() == SDP_EFFECT_USE_IMAGE && !IsWithin(effect.subject(), registry_)) {
        findings.Report("foreign-registry", SDP_DENY, effect,
                        Message(effect.subject(), " does not come from ", registry_),
                        Message("Use ", registry_, "/NAME instead."));
      }
    }
  }

 private:
  std::string_view registry_;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Registry, kDescription);
