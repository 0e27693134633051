// What doctor says of safe-docker itself, its configuration and its plugins.
#include <algorithm>
#include <string>

#include "commands/doctor.hpp"
#include "commands/outside_program.hpp"
#include "modes/installation.hpp"
#include "modes/real_docker.hpp"
#include "modes/shipped_plugins.hpp"
#include "plugins/plugin_set.hpp"
#include "plugins/trust.hpp"

namespace safe_docker::commands {
namespace {

constexpr std::string_view kInstallAgain = "Install safe-docker again.";
constexpr std::string_view kHelpers[] = {"commands", "compose-resolve"};

void CheckVersion(const std::string& program, Findings* findings) {
  if (!modes::IsProgram(program)) {
    findings->Fail("installation.version", program + " is not there: this is a part of an installation",
                   std::string(kInstallAgain));
    return;
  }
  const ProgramEnd end = RunOutside({program, {"safe-docker", "--version"}, ""});
  const std::string version = "safe-docker " SAFE_DOCKER_VERSION;
  if (!end.problem.empty() || end.output != version + "\n") {
    findings->Fail(
        "installation.version",
        program + " --version " +
            (end.problem.empty() ? "prints '" + end.output.substr(0, end.output.find('\n')) + "'" : end.problem) +
            ", while its commands are of " + version,
        std::string(kInstallAgain));
    return;
  }
  findings->Ok("installation.version", version + ", " + program);
}

void CheckHelpers(Findings* findings) {
  std::string missing;
  for (const std::string_view helper : kHelpers) {
    const std::string path = modes::HelperFolder() + "/" + std::string(helper);
    if (!modes::IsProgram(path)) {
      missing += (missing.empty() ? "" : ", ") + path;
      continue;
    }
    CheckWhoMayWrite("installation.permissions", path, findings);
  }
  if (missing.empty()) {
    findings->Ok("installation.helpers", "all in " + modes::HelperFolder());
  } else {
    findings->Fail("installation.helpers", "missing or no program: " + missing, std::string(kInstallAgain));
  }
}

std::string WhoseFile(const policy::LoadedConfig& config, const std::string& path) {
  const bool is_project = std::any_of(config.project_files.begin(), config.project_files.end(),
                                      [&path](const policy::ProjectFile& file) { return file.path == path; });
  return is_project ? "the project's" : path.starts_with("/etc/") ? "the machine's" : "yours";
}

void CheckFiles(const policy::LoadedConfig& config, const Visit& visit, Findings* findings) {
  std::string files;
  for (const std::string& file : config.files) {
    files += (files.empty() ? "" : ", ") + file + " (" + WhoseFile(config, file) + ")";
    if (WhoseFile(config, file) != "the project's") {
      CheckWhoMayWrite("configuration.permissions", file, findings);
    }
  }
  const std::string own = policy::UserConfigPath(visit.environment);
  findings->Ok("configuration.files", files.empty() ? "none, the built-in defaults are in force" +
                                                          (own.empty() ? std::string() : "; yours would be " + own)
                                                    : files);
}

void CheckProblems(const policy::LoadedConfig& config, Findings* findings) {
  for (const policy::Problem& problem : config.problems) {
    const bool is_error = problem.severity == policy::Problem::Severity::kError;
    if (is_error) {
      findings->Fail("configuration.errors", Describe(problem) + "; every docker command asks until it is mended",
                     "Correct it, and look with `safe-docker check-config`.");
    } else {
      findings->Warn("configuration.warnings", Describe(problem),
                     "Correct it, and look with `safe-docker check-config`.");
    }
  }
  if (!config.has_errors()) {
    findings->Ok("configuration.errors", "none");
  }
}

void CheckProjectFiles(const policy::LoadedConfig& config, Findings* findings) {
  for (const policy::ProjectFile& file : config.project_files) {
    const auto ignored = std::count_if(
        config.contributions.begin(), config.contributions.end(), [&file](const policy::Contribution& line) {
          return line.place.file == file.path && line.kind == policy::Contribution::Kind::kIgnored;
        });
    if (ignored == 0) {
      findings->Ok("configuration.project",
                   file.path + (file.trusted ? " is trusted" : " only makes things stricter, and needs no trust"));
    } else {
      findings->Warn("configuration.project",
                     file.path + " is not trusted: " + std::to_string(ignored) +
                         (ignored == 1 ? " line of it is" : " lines of it are") + " ignored",
                     "Look at it, and run `safe-docker trust` in its folder if it is right.");
    }
  }
}

// True if the configuration lets something through that its rules object to.
bool IsWeakened(const policy::Policy& policy) {
  return std::any_of(policy.modes.begin(), policy.modes.end(),
                     [](const policy::ModeLine& line) { return line.mode != policy::Mode::kEnforce; });
}

void CheckModes(const policy::Policy& policy, Findings* findings) {
  const auto profile = std::max(policy.profile, policy.floor_profile.value_or(policy.profile));
  findings->Ok("configuration.profile", std::string(Name(profile)));
  for (const policy::ModeLine& line : policy.modes) {
    if (line.mode != policy::Mode::kEnforce) {
      findings->Warn("configuration.mode",
                     Describe(line.place) + ": mode " + std::string(Name(line.mode)) + " for " +
                         Describe(line.selector) + ": its objections are not in force",
                     "Remove the line, or set mode = \"enforce\", once you have seen enough.");
    }
  }
  if (!IsWeakened(policy)) {
    findings->Ok("configuration.mode", "enforce: objections are in force");
  }
}

// One plugin, in a process of its own: it may crash or hang.
plugins::PluginInfo Describe(const plugins::Declaration& declaration) {
  constexpr conformance::Limits kLimits = {std::chrono::seconds(3), std::chrono::seconds(3)};
  conformance::Report report;
  const conformance::Ending ending = conformance::RunIsolated(
      kLimits,
      [&declaration](conformance::Teller& teller) {
        plugins::PluginSet alone({declaration});
        const plugins::PluginInfo info = alone.Describe().at(0);
        teller.Know("version", info.version);
        teller.Know("abi", info.abi);
        teller.Know("error", info.error);
      },
      &report);
  plugins::PluginInfo info;
  info.id = declaration.id;
  info.path = declaration.path;
  info.version = report.facts["version"];
  info.abi = report.facts["abi"];
  info.error = ending.finished && ending.how.empty() ? report.facts["error"] : "loading it " + ending.how;
  return info;
}

}  // namespace

void CheckWhoMayWrite(std::string_view id, const std::string& path, Findings* findings) {
  const plugins::TrustedFile file = plugins::CheckTrust(path, {});
  if (file.path.empty()) {
    findings->Fail(id, file.refusal, file.advice + ".");
  }
}

void CheckInstallation(const Visit&, Findings* findings) {
  const std::string program = modes::ProgramPath();
  CheckVersion(program, findings);
  CheckHelpers(findings);
  CheckWhoMayWrite("installation.permissions", program, findings);
}

void CheckConfiguration(const Visit& visit, Findings* findings) {
  const policy::LoadedConfig config = ConfigurationOf(visit);
  CheckFiles(config, visit, findings);
  CheckProblems(config, findings);
  CheckProjectFiles(config, findings);
  CheckModes(config.config.policy, findings);
}

void CheckPlugins(const Visit& visit, Findings* findings) {
  const policy::LoadedConfig config = ConfigurationOf(visit);
  std::string loaded;
  std::size_t count = 0;
  for (const plugins::Declaration& declaration : DeclarePlugins(config.config, modes::Which::kAll)) {
    findings->Doing("plugin " + declaration.id);
    const plugins::PluginInfo info = Describe(declaration);
    if (!info.error.empty()) {
      findings->Fail("plugins.failed", info.id + ": " + info.error + "; docker commands that it would judge are denied",
                     declaration.shipped ? std::string(kInstallAgain)
                                         : "Mend it (`safe-docker plugin check " + info.path +
                                               "` tells more), or take it out of the configuration.");
      continue;
    }
    ++count;
    loaded += (loaded.empty() ? "" : ", ") + info.id;
    if (!declaration.shipped) {
      findings->Ok("plugins.added", info.id + " " + info.version + " (ABI " + info.abi + "), " + info.path);
    }
  }
  findings->Ok("plugins.loaded", count == 0 ? "none" : std::to_string(count) + " loaded, all trusted: " + loaded);
  for (const policy::PluginSettings& plugin : config.config.plugins) {
    if (!plugin.enabled && modes::IsShipped(plugin.id)) {
      findings->Warn("plugins.disabled",
                     plugin.file + ":" + std::to_string(plugin.line) + ": " + plugin.id +
                         " is switched off: what it would object to is let through",
                     "Remove the line, unless you want that.");
    }
  }
}

}  // namespace safe_docker::commands
