// Turns "compose up" into command lines: one that starts a container of an image without a name, and one more "compose
// up", which is expanded in turn and so has no end.
#include "fault.hpp"

namespace {

constexpr sdp_string kCommands[] = {fault::Text("compose up")};

constexpr sdp_description WithCommands() {
  sdp_description description = fault::Describe();
  description.commands = fault::ArrayOf(kCommands);
  return description;
}
constexpr sdp_description kRuns = WithCommands();

constexpr sdp_evidence kPlace = {sizeof(sdp_evidence), 7, 3, 0, fault::Text("words"), fault::Text("/project/file"), {}};
constexpr sdp_string kContainer[] = {fault::Text("docker"), fault::Text("run"), fault::Text("-v"),
                                     fault::Text("./x:/x"), fault::Text("")};
constexpr sdp_string kProject[] = {fault::Text("docker"), fault::Text("compose"), fault::Text("up")};

class Runs {
 public:
  void Create(const fault::Host&, fault::Findings&) {}
  void Expand(const fault::Request&, fault::Requests& made, fault::Findings&) const {
    made.Run("/project", kContainer, std::size(kContainer), kPlace);
    made.Run("/project", kProject, std::size(kProject), kPlace);
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(Runs, kRuns);
