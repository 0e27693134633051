#include "diagnostics.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "printable.hpp"

namespace safe_docker::diagnostics {
namespace {

// A flag of the process, like its descriptors: set once from the command line.
bool is_verbose = false;

spdlog::level::level_enum SpdlogLevel(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void SetVerbose(bool verbose) { is_verbose = verbose; }

void Log(Level level, std::string_view message) {
  if (!is_verbose && (level == Level::kDebug || level == Level::kInfo)) {
    return;
  }
  static spdlog::logger logger("safe-docker", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger.set_pattern("[safe-docker] %l: %v");
  logger.set_level(is_verbose ? spdlog::level::debug : spdlog::level::warn);
  const std::string text = Printable(message);
  logger.log(SpdlogLevel(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace safe_docker::diagnostics
