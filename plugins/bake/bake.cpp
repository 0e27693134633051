// The expander for `docker buildx bake`: reads the bake files that buildx would, HCL and JSON, and turns the command
// into one request for each target that would be built, with the effects that `docker build` would have. Compose files,
// which bake reads as well, are left to the plugin for compose.
// Judges nothing itself but whether the files can be read.
#include <cstdint>
#include <safe_docker/checker.hpp>
#include <string>

#include "bake_files.hpp"
#include "build.hpp"
#include "compose_files.hpp"
#include "definition.hpp"
#include "failure.hpp"
#include "selection.hpp"

namespace safe_docker::bake {
namespace {

constexpr sdp_rule kRules[] = {
    plugin::Rule(SDP_DENY, {"unreadable", "a bake file that is missing or cannot be read",
                            "what cannot be read cannot be checked", "", "unknown", SDP_SEVERITY_MEDIUM}),
    plugin::Rule(SDP_DENY, {"malformed", "a bake file that is not valid, or goes beyond the bounds of checking",
                            "readers differ in what they make of invalid files", "", "unknown", SDP_SEVERITY_MEDIUM}),
};

constexpr sdp_string kCommands[] = {plugin::Text("buildx bake")};

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          0,
                                          plugin::Text("bake"),
                                          plugin::Text("0.1.0"),
                                          plugin::Text("Reads bake files, so that each target is judged"),
                                          plugin::Text("MIT OR Apache-2.0"),
                                          plugin::Text(""),
                                          plugin::ArrayOf(kRules),
                                          plugin::ArrayOf(kCommands),
                                          0,
                                          plugin::Text("")};

void Report(const Failure& failure, plugin::Findings& findings) {
  std::string place = failure.is_malformed ? failure.file : std::string{};
  if (!place.empty()) {
    place += ':' + std::to_string(failure.line) + ':' + std::to_string(failure.column) + ": ";
  }
  sdp_evidence evidence{};
  evidence.size = sizeof evidence;
  evidence.line = failure.line;
  evidence.column = failure.column;
  evidence.file = plugin::Text(failure.file);
  findings.Report(failure.is_malformed ? "malformed" : "unreadable", SDP_DENY,
                  failure.file.empty() ? nullptr : &evidence, place + failure.message, failure.advice);
}

class Bake {
 public:
  void Create(const plugin::Host& host, plugin::Findings& /*findings*/) { host_ = &host.raw(); }

  void Expand(const plugin::Request& request, plugin::Requests& requests, plugin::Findings& findings) const {
    const CommandLine line(request);
    if (line.only_prints) {
      return;
    }
    try {
      Judge(line, requests);
    } catch (const Failure& failure) {
      Report(failure, findings);
    }
  }

 private:
  void Judge(const CommandLine& line, plugin::Requests& requests) const {
    const plugin::Host host(*host_);
    Files files = FindFiles(host, line);
    Definition definition(host, line);
    for (const std::string& path : files.paths) {
      std::string_view why;
      if (!definition.Read(path, &why)) {
        files.unseen.push_back({path, why});
      }
    }
    for (const Unseen& unseen : files.unseen) {
      WriteUnseen(unseen, requests);
    }
    definition.Resolve();
    for (const SelectedTarget& selected : SelectTargets(definition, files, ComposeFiles(host, files.compose), line)) {
      WriteBuild(selected, files, line, requests);
    }
  }

  const sdp_host* host_ = nullptr;
};

}  // namespace
}  // namespace safe_docker::bake

SAFE_DOCKER_PLUGIN(safe_docker::bake::Bake, safe_docker::bake::kDescription);
