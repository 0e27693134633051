// The expander for compose projects: turns `compose up` and its like into one request for each service that would start
// or be built, with the effects that its settings have; where only containers that exist are started or stopped, with
// those of its hooks and its provider. Tells which volumes `compose down --volumes` destroys.
// Judges nothing itself but whether the project can be read.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <safe_docker/checker.hpp>
#include <span>
#include <string>
#include <vector>

#include "bake.hpp"
#include "destroyed_volumes.hpp"
#include "paths.hpp"
#include "podman.hpp"
#include "project.hpp"
#include "sections.hpp"
#include "selection.hpp"
#include "services.hpp"
#include "writer.hpp"
#include "yaml.hpp"
#include "yaml/file.hpp"

namespace safe_docker::compose {
namespace {

constexpr sdp_rule kRules[] = {
    plugin::Rule(SDP_DENY, {"unreadable", "a compose project whose files are missing or cannot be read",
                            "what cannot be read cannot be checked", "", "unknown", SDP_SEVERITY_MEDIUM}),
    plugin::Rule(SDP_DENY, {"malformed", "a compose file that is not valid, or goes beyond the bounds of checking",
                            "readers differ in what they make of invalid files", "", "unknown", SDP_SEVERITY_MEDIUM}),
};

constexpr sdp_string kCommands[] = {
    plugin::Text("compose up"),    plugin::Text("compose create"), plugin::Text("compose run"),
    plugin::Text("compose build"), plugin::Text("compose start"),  plugin::Text("compose restart"),
    plugin::Text("compose watch"), plugin::Text("compose scale"),  plugin::Text("compose down"),
    plugin::Text("compose stop"),  plugin::Text("compose rm"),     plugin::Text("compose wait"),
    plugin::Text("stack deploy"),  plugin::Text("buildx bake"),
};

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          0,
                                          plugin::Text("compose"),
                                          plugin::Text("0.1.0"),
                                          plugin::Text("Reads compose projects, so that each service is judged"),
                                          plugin::Text("MIT OR Apache-2.0"),
                                          plugin::Text(""),
                                          plugin::ArrayOf(kRules),
                                          plugin::ArrayOf(kCommands),
                                          0,
                                          plugin::Text("")};

// What runs where containers are not made: in them, or on the host beside them.
constexpr std::string_view kStartPrograms[] = {"provider", "pre_start", "post_start"};
constexpr std::string_view kRestartPrograms[] = {"provider", "pre_start", "post_start", "pre_stop"};
constexpr std::string_view kStopPrograms[] = {"provider", "pre_stop"};

struct ProgramsRow {
  std::string_view command;
  std::span<const std::string_view> programs;
};
constexpr ProgramsRow kPrograms[] = {{"compose start", kStartPrograms}, {"compose restart", kRestartPrograms},
                                     {"compose stop", kStopPrograms},   {"compose down", kStopPrograms},
                                     {"compose rm", kStopPrograms},     {"compose wait", kStopPrograms}};

// Empty for a command that makes containers or images.
std::span<const std::string_view> ProgramsOf(std::string_view command) {
  const auto* row = std::ranges::find(kPrograms, command, &ProgramsRow::command);
  return row == std::end(kPrograms) ? std::span<const std::string_view>{} : row->programs;
}

Parts PartsOf(const CommandLine& line, const SelectedService& selected) {
  Parts parts;
  parts.container = line.command != "compose build" && !line.is_bake && !selected.is_build_only;
  parts.bake = line.is_bake;
  parts.watch = line.watch || line.command == "compose watch";
  parts.ports = line.publishes_ports || !selected.is_named;
  parts.drives = line.reader == Reader::kCompose;
  return parts;
}

constexpr std::string_view kAdvice = "Correct this place, and check the project with `docker compose config`.";

class Compose {
 public:
  void Create(const plugin::Host& host, plugin::Findings& /*findings*/) { host_ = &host.raw(); }

  void Expand(const plugin::Request& request, plugin::Requests& requests, plugin::Findings& findings) const {
    CommandLine line(request);
    if (line.prints_help) {
      return;
    }
    const bool only_removes = line.command == "compose rm" || line.command == "compose wait";
    if (line.command == "compose down" || line.command == "compose stop") {
      JudgeStop(line, requests);
    } else if (only_removes) {
      line.stops ? JudgeStop(line, requests) : void();
    } else {
      JudgeStart(line, requests, findings);
    }
  }

 private:
  void JudgeStart(CommandLine& line, plugin::Requests& requests, plugin::Findings& findings) const {
    try {
      Judge(line, requests);
    } catch (const Failure& failure) {
      yaml::Report(failure, kAdvice, findings);
    }
  }

  void Judge(CommandLine& line, plugin::Requests& requests) const {
    Arena arena;
    const plugin::Host host(*host_);
    if (line.is_bake && !ReadBakeLine(host, arena, line)) {
      return;
    }
    Project project(host, line, arena);
    project.Load();
    WriteProject(project, line, requests);
    if (line.reader != Reader::kCompose && project.has_several_bases()) {
      JudgeFromOneBase(host, line, requests);
    }
  }

  // The project once more, as podman-compose finds its paths.
  static void JudgeFromOneBase(const plugin::Host& host, const CommandLine& line, plugin::Requests& requests) {
    Arena arena;
    Project project(host, line, arena, Bases::kProject);
    try {
      project.Load();
      WriteProject(project, line, requests);
    } catch (const Failure& failure) {
      Writer writer(requests, kServiceCommand, line.cwd, line.cwd, line.home);
      writer.Unseen("paths of included or extended files",
                    "podman-compose may count them from the project's folder: " + failure.message, {}, 0, 0);
    }
  }

  static void WriteProject(const Project& project, const CommandLine& line, plugin::Requests& requests) {
    Writer writer(requests, line.is_bake ? kBuildCommand : kServiceCommand, project.folder(), line.cwd, line.home);
    for (const Unseen& unseen : project.unseen()) {
      writer.Unseen(unseen.what, unseen.why, unseen.file, unseen.line, unseen.column);
    }
    if (project.model() == nullptr) {
      return;
    }
    const Sections sections(*project.model());
    const bool is_podman = line.reader != Reader::kCompose;
    if (is_podman) {
      WritePodmanProject(project, writer);
    }
    const std::span<const std::string_view> programs = ProgramsOf(line.command);
    for (const SelectedService& selected : SelectServices(sections, project, line)) {
      if (!programs.empty()) {
        WritePrograms(*selected.service, sections, programs, writer);
        continue;
      }
      WriteService(*selected.service, sections, PartsOf(line, selected), writer);
      if (is_podman) {
        WritePodmanService(*selected.service, writer);
      }
    }
  }

  // down and its like work without a file; then only the command line says what would be destroyed.
  void JudgeStop(const CommandLine& line, plugin::Requests& requests) const {
    try {
      WriteStop(line, requests);
    } catch (const Failure&) {
      return;
    }
  }

  void WriteStop(const CommandLine& line, plugin::Requests& requests) const {
    Arena arena;
    const plugin::Host host(*host_);
    Project project(host, line, arena);
    project.Load();
    if (project.model() == nullptr) {
      return;
    }
    Writer writer(requests, kServiceCommand, project.folder(), line.cwd, line.home);
    if (line.volumes && line.command == "compose down") {
      WriteDestroyedVolumes(*project.model(), project.name(), line.command, writer);
    }
    const Sections sections(*project.model());
    for (const Entry& service : sections.services()) {
      WritePrograms(service, sections, ProgramsOf(line.command), writer);
    }
  }

  const sdp_host* host_ = nullptr;
};

}  // namespace
}  // namespace safe_docker::compose

SAFE_DOCKER_PLUGIN(safe_docker::compose::Compose, safe_docker::compose::kDescription);
