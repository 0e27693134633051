// my-checker: asks about images that are used without a version, except those that its settings exempt.
//
// A checker looks at what a docker command would do (its effects) and reports what it objects to. It never allows
// anything: saying nothing means "no objection". <safe_docker/plugin.h> says what each kind of effect holds.
#include <safe_docker/checker.hpp>
#include <safe_docker/image_pattern.hpp>

namespace {

using namespace safe_docker::plugin;

// What it may report, with a decision for each profile: strict, standard, permissive. An id is for ever, because people
// name it in their settings: [rules."my-checker/no-version"].
constexpr sdp_rule kNoVersion =
    Rule(SDP_DENY, SDP_ASK, SDP_ALLOW,
         {"no-version", "an image is used without a version", "what runs tomorrow may not be what ran today",
          /*standards=*/"", /*tags=*/"images", SDP_SEVERITY_LOW});
constexpr sdp_rule kRules[] = {kNoVersion};

// Read by safe-docker before anything here runs. Settings that do not fit the schema are refused with a message.
constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          /*flags=*/0,
                                          /*id=*/Text("my-checker"),
                                          /*version=*/Text("0.1.0"),
                                          /*summary=*/Text("Images must have a version"),
                                          /*license=*/Text("MIT"),
                                          /*url=*/Text(""),
                                          ArrayOf(kRules),
                                          /*commands=*/{},  // every one
                                          Bit(SDP_EFFECT_USE_IMAGE),
                                          Text(R"({
      "type": "object",
      "properties": {
        "exempt": {
          "type": "array",
          "items": {"type": "string", "minLength": 1},
          "description": "Images that need no version. * stands for anything but /, ** for anything.",
          "examples": [["registry.example.com/**"]]
        }
      },
      "additionalProperties": false
    })")};

class MyChecker {
 public:
  // Called once. What is wrong with the settings beyond the schema is said with findings.Fail.
  void Create(const Host& host, Findings&) { host.SettingList("/exempt", &exempt_); }

  // Called for each request that has an effect of a kind which the description wants.
  void Check(const Request& request, Findings& findings) const {
    for (const Effect effect : request.effects()) {
      // Every request has other effects, too. A text may hold a part that nobody knows before the command runs.
      if (effect.kind() == SDP_EFFECT_USE_IMAGE && !HasVersion(effect.subject()) && !IsExempt(effect.subject())) {
        findings.Report(kNoVersion, effect, Message(effect.subject(), " says no version, so it may be any"),
                        Message("Name one, as in ", ImageRepository(effect.subject()), ":1.2."));
      }
    }
  }

 private:
  // The subject is the image's name in full: "alpine" is "docker.io/library/alpine:latest".
  static bool HasVersion(std::string_view image) {
    const ImageName name = SplitImage(image);
    return !name.digest.empty() || (!name.tag.empty() && name.tag != "latest");
  }

  bool IsExempt(std::string_view image) const {
    for (const std::string_view pattern : exempt_) {
      if (MatchesImage(pattern, image)) {
        return true;
      }
    }
    return false;
  }

  Texts exempt_;
};

}  // namespace

SAFE_DOCKER_PLUGIN(MyChecker, kDescription);
