// The checker of images: only those that allowed_images names may be used. An empty list allows all.
#include <safe_docker/checker.hpp>

#include "image_pattern.hpp"

namespace {

using namespace safe_docker::plugin;

// In the order of kRules.
enum RuleIndex { kNotAllowed, kUnnamedImage, kInvalidImage, kUnresolved };

constexpr sdp_rule kRules[] = {
    Rule(SDP_DENY, SDP_DENY, SDP_ASK,
         {"not-allowed", "an image that allowed_images does not name", "an image is code from whoever published it",
          "CIS-4.2", "images supply-chain", SDP_SEVERITY_HIGH}),
    Rule(SDP_DENY, SDP_ASK, SDP_ALLOW,
         {"unnamed-image", "a local image given by its id", "an id does not say where the image comes from", "CIS-4.2",
          "images supply-chain", SDP_SEVERITY_LOW}),
    Rule(SDP_DENY, SDP_ASK, SDP_ASK,
         {"invalid-image", "an image name that docker cannot read", "it cannot be compared with allowed_images", "",
          "images unknown", SDP_SEVERITY_MEDIUM}),
    Rule(SDP_DENY, SDP_ASK, SDP_ASK,
         {"unresolved", "an image that is only known when the command runs", "it might be any image", "CIS-4.2",
          "images unknown supply-chain", SDP_SEVERITY_MEDIUM}),
};

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          0,
                                          Text("images"),
                                          Text("0.1.0"),
                                          Text("Images must be among the allowed ones"),
                                          Text("MIT OR Apache-2.0"),
                                          Text(""),
                                          ArrayOf(kRules),
                                          {},
                                          Bit(SDP_EFFECT_USE_IMAGE),
                                          Text(R"({"type": "object", "properties": {
"allowed_images": {"type": "array", "items": {"type": "string"},
  "description": "image names with * for anything but / and ** for anything; empty: all images"}},
"additionalProperties": false})")};

bool HasOption(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    if (NextPart(&options, ',') == wanted) {
      return true;
    }
  }
  return false;
}

class Images {
 public:
  void Create(const Host& host, Findings&) { host.SettingList("/allowed_images", &allowed_); }

  void Check(const Request& request, Findings& findings) const {
    if (allowed_.empty()) {
      return;
    }
    for (const Effect effect : request.effects()) {
      // What a build makes is a name, not an image that is used.
      if (effect.kind() == SDP_EFFECT_USE_IMAGE && effect.name() != "build") {
        Judge(effect, findings);
      }
    }
  }

 private:
  void Judge(const Effect& effect, Findings& findings) const {
    const std::string_view image = effect.subject();
    if (HasOption(effect.options(), "id")) {
      findings.Report(kRules[kUnnamedImage], effect,
                      Message("would use the local image ", IsKnown(image) ? image : "",
                              " by its id, which does not say where it comes from"),
                      "Name the image, as allowed_images in config.toml does.");
      return;
    }
    if (HasOption(effect.options(), "invalid")) {
      findings.Report(kRules[kInvalidImage], effect,
                      "would use an image whose name docker cannot read, so that allowed_images says nothing of it",
                      "Correct the name of the image.");
      return;
    }
    if (!IsKnown(image) || image.empty() || effect.Is(SDP_EFFECT_UNRESOLVED)) {
      findings.Report(kRules[kUnresolved], effect,
                      "would use an image whose name is only known when the command runs, and might be any",
                      "Write the name of the image out in full.");
      return;
    }
    for (std::string_view pattern : allowed_) {
      if (safe_docker::images::Matches(pattern, image)) {
        return;
      }
    }
    findings.Report(kRules[kNotAllowed], effect,
                    Message("would use ", image, ", which allowed_images does not name, so nobody has vouched for it"),
                    Message("Use one of the allowed images, or add \"", image, "\" to allowed_images in config.toml."));
  }

  Texts allowed_;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Images, kDescription);
