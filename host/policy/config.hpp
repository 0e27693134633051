// The configuration: what the user's config.toml (and the system's below it) says, checked for meaning. A file that
// cannot be read right never loosens anything: its problems are kept, and the doors then ask about every docker
// command.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::policy {

enum class AuditFormat : std::uint8_t { kJsonLines, kOtlp, kBoth };

struct AuditSettings {
  bool enabled = false;
  AuditFormat format = AuditFormat::kJsonLines;
  std::string jsonl_path;  // absolute
  std::string otlp_path;
};

struct WrapperSettings {
  std::string docker_path;  // absolute; empty: found by itself
  bool allow_asks_without_terminal = false;
};

// A plugin that the configuration names: one of safe-docker's own, or a further one.
struct PluginSettings {
  std::string id;
  std::string path;  // absolute; empty for a shipped one
  bool enabled = true;
  nlohmann::json settings = nlohmann::json::object();
  std::string file;  // where it was declared
  std::uint32_t line = 0;
};

struct Config {
  std::vector<std::string> allowed_paths;    // absolute and clean
  std::vector<std::string> sensitive_paths;  // relative to home
  std::vector<std::string> blocked_flags;
  std::vector<std::string> blocked_capabilities;
  std::vector<std::string> allowed_images;
  bool block_docker_socket = true;
  std::chrono::milliseconds deadline{2000};
  AuditSettings audit;
  WrapperSettings wrapper;
  std::vector<PluginSettings> plugins;
};

// Something wrong with a configuration file.
struct Problem {
  enum class Severity : std::uint8_t {
    kWarning,  // without effect on verdicts: a folder that does not exist, a thing said twice
    kError,    // docker commands ask until it is mended
  };
  Severity severity = Severity::kError;
  std::string file;
  std::uint32_t line = 0;  // 0 if it concerns the file as a whole
  std::uint32_t column = 0;
  std::string key;      // "audit.format"; empty if none
  std::string message;  // what is wrong, and the nearest known key or value
};

// "FILE:LINE:COLUMN: error: KEY: MESSAGE".
std::string Describe(const Problem& problem);

struct LoadedConfig {
  Config config;
  std::vector<Problem> problems;
  std::vector<std::string> files;  // those that were read, lowest first; empty: built-in defaults alone

  bool has_errors() const;
};

// How files are read.
struct ReadingOptions {
  bool thorough = false;  // look at the file system for warnings, too
  // All names of docker's flags, without dashes; null if nobody can tell.
  std::vector<std::string_view> (*flag_names)() = nullptr;
};

// The configuration in force: built-in defaults, the system's file, the user's. `explicit_path` takes the user file's
// place if it is not empty; else SAFE_DOCKER_CONFIG, XDG_CONFIG_HOME and HOME say where it is.
LoadedConfig LoadConfig(const Environment& environment, std::string_view explicit_path, const ReadingOptions& options);

// Reads one file's text on top of `loaded`.
void ApplyConfigText(std::string_view text, const std::string& file, std::string_view home,
                     const ReadingOptions& options, LoadedConfig* loaded);

// The built-in defaults.
Config DefaultConfig(std::string_view home);

}  // namespace safe_docker::policy
