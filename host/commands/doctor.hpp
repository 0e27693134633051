// What `safe-docker doctor` looks at, by theme. Each theme runs in a process of its own, because it may load plugins or
// meet files that somebody else has made; it tells of each point as soon as it knows, so that what a crash cuts short
// is not lost. The ids of the points are part of the interface (docs/doctor.md).
#pragma once

#include <string>
#include <string_view>

#include "command_line.hpp"
#include "conformance/isolated.hpp"
#include "policy/config.hpp"

namespace safe_docker::commands {

// Where and with what doctor was called.
struct Visit {
  Environment environment;
  std::string folder;
  bool runs_hooks = false;  // also command lines that are more than safe-docker itself
};

// Where a theme's points go.
class Findings {
 public:
  explicit Findings(conformance::Teller& teller) : teller_(teller) {}

  void Ok(std::string_view id, std::string text) { Tell(id, conformance::Level::kOk, std::move(text), {}); }
  void Warn(std::string_view id, std::string text, std::string fix) {
    Tell(id, conformance::Level::kWarning, std::move(text), std::move(fix));
  }
  void Fail(std::string_view id, std::string text, std::string fix) {
    Tell(id, conformance::Level::kFailure, std::move(text), std::move(fix));
  }
  void Doing(std::string_view what) { teller_.Doing(what); }

 private:
  void Tell(std::string_view id, conformance::Level level, std::string text, std::string fix) {
    teller_.Tell({std::string(id), level, std::move(text), std::move(fix)});
  }
  conformance::Teller& teller_;
};

void CheckInstallation(const Visit& visit, Findings* findings);
void CheckConfiguration(const Visit& visit, Findings* findings);
void CheckPlugins(const Visit& visit, Findings* findings);
void CheckDocker(const Visit& visit, Findings* findings);
void CheckEngine(const Visit& visit, Findings* findings);
void CheckPath(const Visit& visit, Findings* findings);
void CheckHook(const Visit& visit, Findings* findings);
void CheckAuditLog(const Visit& visit, Findings* findings);

// The configuration that is in force in the visited folder.
policy::LoadedConfig ConfigurationOf(const Visit& visit);

// Tells if somebody other than root and the user could change `path`, which takes part in judging.
void CheckWhoMayWrite(std::string_view id, const std::string& path, Findings* findings);

// Set for the programs that doctor runs, so that one that runs doctor is found out.
inline constexpr const char* kDoctorVariable = "SAFE_DOCKER_DOCTOR";

}  // namespace safe_docker::commands
