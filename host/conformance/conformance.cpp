#include "conformance/conformance.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "conformance/ordinary_requests.hpp"
#include "conformance/steps.hpp"
#include "conformance/subject.hpp"

namespace safe_docker::conformance {
namespace {

struct Step {
  std::string_view id;
  void (*run)(const Subject& subject, Report* report);
  std::string_view after;  // the point that must not have failed; empty if it always runs
};

// In the order in which they are told.
constexpr Step kSteps[] = {
    {"file", &TryFile, ""},
    {"library", &TryLibrary, ""},
    {"load", &TryLoading, ""},
    {"description", &TryDescription, "load"},
    {"rules", &TryRules, "description"},
    {"commands", &TryCommands, "description"},
    {"schema", &TrySchema, "description"},
    {"settings", &TrySettings, "description"},
    {"refusals", &TryBadSettings, "settings"},
    {"judgement", &TryOrdinaryRequests, "settings"},
    {"repetition", &TryRepetition, "judgement"},
    {"hostile-settings", &TryHostileSettings, "judgement"},
    {"effects", &TryEveryEffect, "judgement"},
    {"odd-requests", &TryOddRequests, "judgement"},
    {"stopping", &TryStopping, "judgement"},
    {"hosts", &TryHosts, "judgement"},
    {"hostile-files", &TryHostileFiles, "judgement"},
    {"tidiness", &TryTidiness, "judgement"},
    {"memory", &TryMemory, "judgement"},
    {"restarts", &TryRestarts, "judgement"},
    {"time", &TryTime, "judgement"},
};

bool HasFailed(const Report& report, std::string_view id) {
  return std::any_of(report.points.begin(), report.points.end(), [id](const Point& point) {
    return point.id == id && (point.level == Level::kFailure || point.level == Level::kSkipped);
  });
}

// A project in a home of its own, removed in the end.
class Project {
 public:
  Project() {
    namespace fs = std::filesystem;
    std::string name = (fs::canonical(fs::temp_directory_path()) / "safe-docker-check-XXXXXX").string();
    home_ = mkdtemp(name.data()) == nullptr ? throw fs::filesystem_error("no folder can be made", name, {}) : name;
    fs::create_directories(home_ + "/project");
    WriteProject(home_ + "/project");
  }
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;
  ~Project() {
    std::error_code ignored;
    std::filesystem::remove_all(home_, ignored);
  }
  std::string folder() const { return home_ + "/project"; }

 private:
  std::string home_;
};

}  // namespace

Report TryPlugin(const std::string& path, std::optional<nlohmann::json> settings,
                 const std::function<void(std::string_view step)>& progress) {
  const Project project;
  const Subject subject{path, std::move(settings), project.folder(), {}};
  Report report;
  for (const Step& step : kSteps) {
    if (progress) {
      progress(step.id);
    }
    if (!step.after.empty() && HasFailed(report, step.after)) {
      report.Skip(step.id, "not tried, because of " + std::string(step.after));
    } else {
      step.run(subject, &report);
    }
  }
  return report;
}

}  // namespace safe_docker::conformance
