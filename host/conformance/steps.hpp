// The steps of trying out a plugin. Each adds its points to the report, and runs the plugin's code in children only.
#pragma once

#include "conformance/report.hpp"
#include "conformance/subject.hpp"

namespace safe_docker::conformance {

// ---- The file, before anything of it runs (file_steps.cpp) ----
void TryFile(const Subject& subject, Report* report);     // who could change it
void TryLibrary(const Subject& subject, Report* report);  // its type, what it exports and needs

// ---- What it says of itself (description_steps.cpp) ----
void TryLoading(const Subject& subject, Report* report);
void TryDescription(const Subject& subject, Report* report);
void TryRules(const Subject& subject, Report* report);
void TryCommands(const Subject& subject, Report* report);

// ---- Its settings (settings_steps.cpp) ----
void TrySchema(const Subject& subject, Report* report);
void TrySettings(const Subject& subject, Report* report);
void TryBadSettings(const Subject& subject, Report* report);
void TryHostileSettings(const Subject& subject, Report* report);

// ---- Its judgement (call_steps.cpp, hostile_steps.cpp) ----
void TryOrdinaryRequests(const Subject& subject, Report* report);
void TryRepetition(const Subject& subject, Report* report);
void TryEveryEffect(const Subject& subject, Report* report);
void TryOddRequests(const Subject& subject, Report* report);
void TryStopping(const Subject& subject, Report* report);
void TryHosts(const Subject& subject, Report* report);
void TryHostileFiles(const Subject& subject, Report* report);

// ---- What it leaves behind, and what it costs (process_steps.cpp, cost_steps.cpp) ----
void TryTidiness(const Subject& subject, Report* report);
void TryMemory(const Subject& subject, Report* report);
void TryRestarts(const Subject& subject, Report* report);
void TryTime(const Subject& subject, Report* report);

}  // namespace safe_docker::conformance
