#include "modes/door.hpp"

#include <unistd.h>

#include <chrono>

#include "audit/audit_log.hpp"
#include "diagnostics.hpp"
#include "docker/grammar.hpp"
#include "file_system.hpp"
#include "modes/shipped_plugins.hpp"
#include "policy/project_file.hpp"
#include "sha256.hpp"

extern char** environ;  // POSIX leaves it to the program to declare

namespace safe_docker::modes {
namespace {

std::string HostName() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::string ConfigSource(const policy::LoadedConfig& config) {
  std::string source;
  for (const std::string& file : config.files) {
    source += (source.empty() ? "" : ",") + file;
  }
  return source.empty() ? "default" : source;
}

// What the files in force say, in 16 digits: the same configuration, the same digits.
std::string ConfigHash(const policy::LoadedConfig& config) {
  std::string text;
  for (const std::string& file : config.files) {
    constexpr std::uint64_t kLargest = 1024 * 1024;
    const std::string content = ReadRegularFile(file, kLargest).text;
    text += file + " " + std::to_string(content.size()) + "\n" + content;
  }
  return Sha256Hex(text).substr(0, 16);
}

// The project that `folder` belongs to; empty if it belongs to none.
std::string ProjectOf(const std::string& folder, const std::string& home) {
  const std::string project = IsKnown(folder) ? policy::FindProjectFolder(folder, home) : "";
  const bool has_mark = access((project + "/.git").c_str(), F_OK) == 0 ||
                        access((project + "/" + std::string(policy::kProjectFileName)).c_str(), F_OK) == 0;
  return has_mark ? project : "";
}

void AddPluginProblem(const policy::PluginSettings& plugin, std::string message, policy::LoadedConfig* loaded) {
  policy::Problem problem;
  problem.file = plugin.file;
  problem.line = plugin.line;
  problem.column = 1;
  problem.key = "plugins." + plugin.id;
  problem.message = std::move(message);
  loaded->problems.push_back(std::move(problem));
}

}  // namespace

Environment ProcessEnvironment() { return Environment(environ); }

ConfigurationRequest ForCommandIn(std::string_view cwd) {
  ConfigurationRequest request;
  request.cwd = cwd;
  return request;
}

policy::LoadedConfig LoadConfiguration(const Environment& environment, const ConfigurationRequest& request) {
  policy::ReadingOptions options;
  options.thorough = request.thorough;
  options.flag_names = &docker::FlagNames;
  options.cwd = request.cwd;
  options.record_contributions = request.record_contributions;
  policy::LoadedConfig loaded = policy::LoadConfig(environment, request.explicit_path, options);
  if (loaded.config.policy.Consults(policy::Profile::kStrict)) {
    // The agent's own word for it, since the command may be run from anywhere.
    const std::string folder = environment.GetOr("CLAUDE_PROJECT_DIR", request.cwd);
    loaded.config.project_folder = policy::FindProjectFolder(folder, environment.GetOr("HOME", ""));
  }
  for (const policy::PluginSettings& plugin : loaded.config.plugins) {
    const bool is_shipped = IsShipped(plugin.id);
    if (is_shipped && (!plugin.path.empty() || !plugin.settings.empty())) {
      AddPluginProblem(plugin, "comes with safe-docker: only enabled can be set; its settings are the keys at the top",
                       &loaded);
    } else if (!is_shipped && plugin.enabled && plugin.path.empty()) {
      AddPluginProblem(plugin, "needs a path: where its library lies", &loaded);
    }
  }
  return loaded;
}

void WriteAudit(const Occasion& occasion, const Judgement& judgement, const policy::LoadedConfig& config,
                const Environment& environment) {
  if (!config.config.audit.enabled && environment.GetOr("SAFE_DOCKER_AUDIT", "") != "1") {
    return;
  }
  using std::chrono::duration_cast;
  audit::Record record = audit::MakeRecord(judgement.requests, judgement.verdict);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto taken = std::chrono::steady_clock::now() - occasion.started;
  record.time_unix_nano = static_cast<std::uint64_t>(duration_cast<std::chrono::nanoseconds>(now).count());
  record.duration_us = static_cast<std::uint64_t>(duration_cast<std::chrono::microseconds>(taken).count());
  record.mode = occasion.mode;
  record.session_id = occasion.session_id;
  record.agent = occasion.agent;
  record.tool = occasion.tool;
  record.command = occasion.command;
  record.answer = occasion.answer;
  record.cwd = occasion.cwd;
  record.home = environment.GetInherited("HOME").value;
  record.project = ProjectOf(occasion.cwd, record.home);
  record.pid = getpid();
  record.host_name = HostName();
  record.environment = environment.GetOr("SAFE_DOCKER_ENV", "development");
  record.config_source = ConfigSource(config);
  record.config_hash = ConfigHash(config);
  record.profile = policy::Name(config.config.policy.profile);
  record.trace_parent = environment.GetInherited("TRACEPARENT").value;
  const std::string problem = audit::Write(record, config.config.audit);
  if (!problem.empty()) {
    diagnostics::Warn("the audit log cannot be written: " + problem);
  }
}

}  // namespace safe_docker::modes
