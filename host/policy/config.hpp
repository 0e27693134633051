// The configuration: what the system's, the user's and the project's files say, checked for meaning. A file that cannot
// be read right never loosens anything: its problems are kept, and the doors then ask about every docker command.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "policy/policy.hpp"

namespace safe_docker::policy {

enum class AuditFormat : std::uint8_t { kJsonLines, kOtlp, kBoth };

// What of a command line is kept out of the log.
enum class Redaction : std::uint8_t {
  kNames,    // the values of all variables and build arguments, and whatever looks like a secret
  kPattern,  // only what looks like a secret, by its name or by its shape
  kOff,
};

enum class AuditLevel : std::uint8_t { kAll, kAskAndDeny, kDeny };
enum class AuditSync : std::uint8_t { kNone, kDeny, kAll };

struct AuditSettings {
  bool enabled = false;
  AuditFormat format = AuditFormat::kJsonLines;
  std::string jsonl_path;  // absolute
  std::string otlp_path;
  std::uint64_t max_size_mb = 64;  // 0: never rotated
  std::uint32_t keep = 5;          // rotated files
  bool chain = false;
  Redaction redact = Redaction::kNames;
  AuditLevel log = AuditLevel::kAll;
  AuditSync sync = AuditSync::kNone;
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

// What a project's own file adds to the lists of the user. It is judged on its own, so that it can only object.
struct ProjectLists {
  std::vector<std::string> sensitive_paths;
  std::vector<std::string> blocked_flags;
  std::vector<std::string> blocked_capabilities;
  std::vector<std::vector<std::string>> allowed_images;  // an image must be on each of them
  bool block_docker_socket = false;

  bool empty() const;
};

struct Config {
  std::vector<std::string> allowed_paths;    // absolute and clean
  std::vector<std::string> sensitive_paths;  // relative to home
  std::vector<std::string> blocked_flags;
  std::vector<std::string> blocked_capabilities;
  std::vector<std::string> allowed_images;
  bool block_docker_socket = true;
  std::chrono::milliseconds deadline{2000};
  Policy policy;
  nlohmann::json rules = nlohmann::json::array();  // [[rules]] of all files, lists put in
  AuditSettings audit;
  WrapperSettings wrapper;
  std::vector<PluginSettings> plugins;
  ProjectLists project;
  std::string project_folder;  // the project that the command belongs to; empty if there is none
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

// What one line of a file did to the configuration.
struct Contribution {
  enum class Kind : std::uint8_t {
    kSets,
    kTightens,  // of a project's file: counts always
    kLoosens,   // of a project's file that is trusted
    kIgnored,   // would loosen, but nobody has trusted the file
  };
  Kind kind = Kind::kSets;
  Place place;
  std::string key;
  std::string value;  // as JSON
};

struct ProjectFile {
  std::string path;
  std::string sha256;  // of its content, in hex
  bool trusted = false;
};

struct LoadedConfig {
  Config config;
  std::vector<Problem> problems;
  std::vector<std::string> files;  // those that were read, lowest first; empty: built-in defaults alone
  std::vector<Contribution> contributions;
  std::vector<ProjectFile> project_files;  // also among `files`
  std::map<std::string, std::vector<std::string>, std::less<>> lists;

  bool has_errors() const;
};

// Who speaks in a file.
enum class Author : std::uint8_t {
  kUser,            // or the system's administrator: may say anything
  kProject,         // may only make things stricter
  kTrustedProject,  // may also allow what a person has looked at
};

// How files are read.
struct ReadingOptions {
  bool thorough = false;  // look at the file system for warnings, too
  // All names of docker's flags, without dashes; null if nobody can tell.
  std::vector<std::string_view> (*flag_names)() = nullptr;
  // Where the command is run; project files are looked for from there upwards. Empty: none is.
  std::string cwd;
  bool record_contributions = false;
};

// The configuration in force: built-in defaults, the system's file, the user's, the project's. `explicit_path` takes
// the user file's place if it is not empty; else SAFE_DOCKER_CONFIG, XDG_CONFIG_HOME and HOME say where it is.
LoadedConfig LoadConfig(const Environment& environment, std::string_view explicit_path, const ReadingOptions& options);

// Where the user's file is, or would be; empty without a home.
std::string UserConfigPath(const Environment& environment);

// Reads one file's text on top of `loaded`.
void ApplyConfigText(std::string_view text, const std::string& file, std::string_view home,
                     const ReadingOptions& options, LoadedConfig* loaded, Author author = Author::kUser);

// The built-in defaults.
Config DefaultConfig(std::string_view home);

}  // namespace safe_docker::policy
