// Diagnostics for people, on standard error. The logger behind it is made with the first message, so that a run without
// one pays nothing.
#pragma once

#include <string_view>

namespace safe_docker::diagnostics {

enum class Level { kDebug, kInfo, kWarning, kError };

// Shows debug and info messages as well; off at first.
void SetVerbose(bool verbose);

void Log(Level level, std::string_view message);

inline void Warn(std::string_view message) { Log(Level::kWarning, message); }

}  // namespace safe_docker::diagnostics
