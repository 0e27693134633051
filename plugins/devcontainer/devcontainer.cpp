// The expander for dev containers: turns `devcontainer up` and `devcontainer build` into what devcontainer.json would
// have docker do. What stands there in the words of docker's command line is handed to whoever reads those, a compose
// project among them. Judges nothing itself but whether the file can be read.
#include <cstdint>
#include <safe_docker/checker.hpp>
#include <string>
#include <string_view>

#include "configuration.hpp"
#include "container.hpp"
#include "jsonc.hpp"
#include "yaml/arena.hpp"
#include "yaml/file.hpp"

namespace safe_docker::devcontainer {
namespace {

constexpr std::string_view kCommand = "devcontainer container";

constexpr sdp_rule kRules[] = {
    plugin::Rule(SDP_DENY, {"unreadable", "a devcontainer.json that is missing or cannot be read",
                            "what cannot be read cannot be checked", "", "unknown", SDP_SEVERITY_MEDIUM}),
    plugin::Rule(SDP_DENY, {"malformed", "a devcontainer.json that is not valid, or goes beyond the bounds of checking",
                            "readers differ in what they make of invalid files", "", "unknown", SDP_SEVERITY_MEDIUM}),
};

constexpr sdp_string kCommands[] = {plugin::Text("devcontainer up"), plugin::Text("devcontainer build")};

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          0,
                                          plugin::Text("devcontainer"),
                                          plugin::Text("0.1.0"),
                                          plugin::Text("Reads devcontainer.json, so that the container is judged"),
                                          plugin::Text("MIT OR Apache-2.0"),
                                          plugin::Text(""),
                                          plugin::ArrayOf(kRules),
                                          plugin::ArrayOf(kCommands),
                                          0,
                                          plugin::Text("")};

constexpr std::string_view kAdvice = "Correct this place; `devcontainer read-configuration` shows what is made of it.";

class Devcontainer {
 public:
  void Create(const plugin::Host& host, plugin::Findings& /*findings*/) { host_ = &host.raw(); }

  void Expand(const plugin::Request& request, plugin::Requests& requests, plugin::Findings& findings) const {
    const CommandLine line(request);
    if (line.prints_help) {
      return;
    }
    try {
      Judge(line, requests);
    } catch (const yaml::Failure& failure) {
      yaml::Report(failure, kAdvice, findings);
    }
  }

 private:
  void Judge(const CommandLine& line, plugin::Requests& requests) const {
    yaml::Arena arena;
    const plugin::Host host(*host_);
    std::string why;
    const Configuration configuration = ReadConfiguration(host, line, arena, &why);
    yaml::Writer writer(requests, kCommand, configuration.workspace_folder, line.cwd, line.home);
    if (configuration.root == nullptr) {
      writer.Unseen("the dev container", why, {}, 0, 0);
      return;
    }
    const Context context{host, configuration, requests, writer, line.command == "devcontainer up"};
    WriteConfiguration(context);
    WriteAdditionalFeatures(context, line, arena);
  }

  static void WriteAdditionalFeatures(const Context& context, const CommandLine& line, yaml::Arena& arena) {
    if (line.additional_features.empty()) {
      return;
    }
    if (!plugin::IsKnown(line.additional_features)) {
      context.out.Unseen("--additional-features", "which features these are is not known", {}, 0, 0);
      return;
    }
    const Node* features = ReadJsonc(line.additional_features, {"--additional-features", {}}, {}, arena);
    context.out.BeginPart("--additional-features", *features);
    WriteFeatures(context, *features);
    context.out.End();
  }

  const sdp_host* host_ = nullptr;
};

}  // namespace
}  // namespace safe_docker::devcontainer

SAFE_DOCKER_PLUGIN(safe_docker::devcontainer::Devcontainer, safe_docker::devcontainer::kDescription);
