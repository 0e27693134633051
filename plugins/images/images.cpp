// The checker of images: only those that allowed_images names may be used. An empty list allows all.
#include <safe_docker/checker.hpp>

#include <safe_docker/image_pattern.hpp>

namespace {

using namespace safe_docker::plugin;

// In the order of kRules.
enum RuleIndex { kNotAllowed, kUnnamedImage, kInvalidImage, kUnresolved, kNotListed };

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
    Rule(SDP_DENY, SDP_ALLOW, SDP_ALLOW,
         {"not-listed", "an image, while no list says which ones are allowed",
          "an image is code from whoever published it", "CIS-4.2", "images supply-chain", SDP_SEVERITY_MEDIUM}),
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
  "description": "image names with * for anything but / and ** for anything; empty: all images"},
"project_allowed_images": {"type": "array", "items": {"type": "array", "items": {"type": "string"}},
  "description": "lists of projects: an image must be on each of them, too"},
"list_required": {"type": "boolean", "default": false,
  "description": "whether every image is reported while allowed_images is empty"}},
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
  void Create(const Host& host, Findings&) {
    host.SettingList("/allowed_images", &allowed_);
    list_required_ = host.SettingFlag("/list_required", false);
    host_ = &host.raw();
    project_lists_ = host.SettingCount("/project_allowed_images");
  }

  void Check(const Request& request, Findings& findings) const {
    for (const Effect effect : request.effects()) {
      // What a build makes is a name, not an image that is used.
      if (effect.kind() == SDP_EFFECT_USE_IMAGE && effect.name() != "build") {
        Judge(effect, findings);
      }
    }
  }

 private:
  void Judge(const Effect& effect, Findings& findings) const {
    if (!allowed_.empty()) {
      JudgeBy(allowed_, "allowed_images in config.toml", effect, findings);
    } else if (list_required_) {
      findings.Report(kRules[kNotListed], effect,
                      Message("would use ", IsKnown(effect.subject()) ? effect.subject() : "an image",
                              " while no list says which images are allowed here"),
                      "Name the images that may be used in allowed_images in config.toml.");
    }
    // Each list by itself: another one can only object to more.
    constexpr std::string_view kDigits = "0123456789";
    for (std::size_t index = 0; index < project_lists_ && index < kDigits.size(); ++index) {
      Texts list;
      Host(*host_).SettingList(Message("/project_allowed_images/", Slice(kDigits, index, 1)), &list);
      JudgeBy(list, "allowed_images in the project's .safe-docker.toml", effect, findings);
    }
  }

  static void JudgeBy(const Texts& allowed, std::string_view list, const Effect& effect, Findings& findings) {
    const std::string_view image = effect.subject();
    if (HasOption(effect.options(), "id")) {
      findings.Report(kRules[kUnnamedImage], effect,
                      Message("would use the local image ", IsKnown(image) ? image : "",
                              " by its id, which does not say where it comes from"),
                      Message("Name the image, as ", list, " does."));
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
    for (std::string_view pattern : allowed) {
      if (safe_docker::plugin::MatchesImage(pattern, image)) {
        return;
      }
    }
    findings.Report(kRules[kNotAllowed], effect,
                    Message("would use ", image, ", which allowed_images does not name, so nobody has vouched for it"),
                    Message("Use one of the allowed images, or add \"", image, "\" to ", list, "."));
  }

  const sdp_host* host_ = nullptr;
  Texts allowed_;
  bool list_required_ = false;
  std::size_t project_lists_ = 0;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Images, kDescription);
