#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/known_rules.hpp"
#include "commands/terminal.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"

namespace safe_docker::commands {
namespace {

using policy::Contribution;

std::string_view Name(Contribution::Kind kind) {
  switch (kind) {
    case Contribution::Kind::kSets:
      return "sets";
    case Contribution::Kind::kTightens:
      return "tightens";
    case Contribution::Kind::kLoosens:
      return "loosens (trusted)";
    case Contribution::Kind::kIgnored:
      return "ignored: not trusted";
  }
  return "sets";
}

// In its column; what does not count as it was meant to stands out.
std::string Painted(Contribution::Kind kind, const Terminal& terminal) {
  const std::string name = PadRight(Name(kind), 20);
  switch (kind) {
    case Contribution::Kind::kLoosens:
      return terminal.colors.Paint(Color::kCaution, name);
    case Contribution::Kind::kIgnored:
      return terminal.colors.Paint(Color::kFaint, name);
    default:
      return name;
  }
}

const policy::ProjectFile* FindProjectFile(const policy::LoadedConfig& config, const std::string& path) {
  const auto found = std::find_if(config.project_files.begin(), config.project_files.end(),
                                  [&path](const policy::ProjectFile& file) { return file.path == path; });
  return found == config.project_files.end() ? nullptr : &*found;
}

std::string_view KindOf(const policy::LoadedConfig& config, const std::string& path) {
  const policy::ProjectFile* const project = FindProjectFile(config, path);
  if (project != nullptr) {
    return project->trusted ? "the project's, trusted" : "the project's, not trusted";
  }
  return path.starts_with("/etc/") ? "the system's" : "yours";
}

std::string ModesText(const policy::Policy& policy) {
  std::string text;
  for (const policy::ModeLine& line : policy.modes) {
    text += (text.empty() ? "" : ", ") + std::string(Name(line.mode)) + " " + Describe(line.selector);
  }
  if (policy.warn_profile) {
    text += (text.empty() ? "" : ", ") + std::string("warn as in ") + std::string(Name(*policy.warn_profile));
  }
  if (policy.audit_profile) {
    text += (text.empty() ? "" : ", ") + std::string("audit as in ") + std::string(Name(*policy.audit_profile));
  }
  return text.empty() ? "enforce all" : text;
}

std::string FilesText(const policy::LoadedConfig& config, const Terminal& terminal) {
  std::string text;
  for (const std::string& file : config.files) {
    text += "\n" + terminal.PaintBold(modes::Printable(file)) + "  (" + std::string(KindOf(config, file)) + ")\n";
    std::size_t ignored = 0;
    for (const Contribution& line : config.contributions) {
      if (line.place.file != file) {
        continue;
      }
      ignored += line.kind == Contribution::Kind::kIgnored ? 1 : 0;
      const std::string written = modes::Printable(line.key + " = " + line.value);
      text += "  " + PadLeft(std::to_string(line.place.line), 4) + "  " + Painted(line.kind, terminal) + "  " +
              Shorten(written, terminal.columns > 40 ? terminal.columns - 30 : 0) + "\n";
    }
    text += ignored == 0 ? "" : "  What is ignored counts once a person has run `safe-docker trust` here.\n";
  }
  return text;
}

std::string ProblemsText(const policy::LoadedConfig& config, const Terminal& terminal) {
  std::string text;
  for (const policy::Problem& problem : config.problems) {
    text += Describe(problem, terminal.colors) + "\n";
  }
  return text.empty() ? "" : "\n" + text;
}

nlohmann::ordered_json FilesJson(const policy::LoadedConfig& config) {
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const std::string& file : config.files) {
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    for (const Contribution& line : config.contributions) {
      if (line.place.file == file) {
        lines.push_back({{"line", line.place.line},
                         {"effect", Name(line.kind)},
                         {"key", line.key},
                         {"value", nlohmann::ordered_json::parse(line.value, nullptr, false)}});
      }
    }
    files.push_back({{"path", file}, {"kind", KindOf(config, file)}, {"lines", lines}});
  }
  return files;
}

std::string Json(const policy::LoadedConfig& config, const KnownRules& known) {
  nlohmann::ordered_json plugins = nlohmann::ordered_json::array();
  for (const plugins::PluginInfo& info : known.plugins) {
    plugins.push_back({{"id", info.id}, {"version", info.version}, {"path", info.path}, {"error", info.error}});
  }
  nlohmann::ordered_json problems = nlohmann::ordered_json::array();
  for (const policy::Problem& problem : config.problems) {
    problems.push_back(Describe(problem));
  }
  const policy::Policy& policy = config.config.policy;
  const nlohmann::ordered_json report = {
      {"profile", Name(std::max(policy.profile, policy.floor_profile.value_or(policy.profile)))},
      {"modes", ModesText(policy)},
      {"exceptions", policy.exceptions.size()},
      {"rules", known.rules.size()},
      {"project_folder", config.config.project_folder},
      {"audit", config.config.audit.enabled},
      {"files", FilesJson(config)},
      {"plugins", plugins},
      {"problems", problems}};
  return AsciiJson(report) + "\n";
}

std::string Text(const policy::LoadedConfig& config, const KnownRules& known, const Terminal& terminal) {
  const policy::Policy& policy = config.config.policy;
  const auto expired = std::count_if(policy.exceptions.begin(), policy.exceptions.end(), [](const auto& exception) {
    return policy::IsExpired(exception, policy::Today());
  });
  std::string plugins;
  for (const plugins::PluginInfo& info : known.plugins) {
    plugins += (plugins.empty() ? "" : ", ") + modes::Printable(info.id) +
               (info.error.empty() ? "" : " (" + terminal.colors.Paint(Color::kBad, "CANNOT BE USED") + ")");
  }
  std::string text = "profile     " + std::string(Name(policy.profile));
  text += policy.floor_profile ? ", made " + std::string(Name(*policy.floor_profile)) + " by the project\n" : "\n";
  text += "modes       " + modes::Printable(ModesText(policy)) + "\n";
  text += "exceptions  " + std::to_string(policy.exceptions.size()) +
          (expired == 0 ? "" : ", of which " + std::to_string(expired) + " expired") + "\n";
  text += "plugins     " + plugins + "\n";
  text +=
      "audit log   " + (config.config.audit.enabled ? modes::Printable(config.config.audit.jsonl_path) : "off") + "\n";
  text += config.files.empty() ? "\nNo configuration file: the built-in defaults are in force.\n" : "";
  return text + FilesText(config, terminal) + ProblemsText(config, terminal);
}

int Run(const Options& options) {
  modes::ConfigurationRequest request = modes::ForCommandIn(CurrentFolder(nullptr));
  request.explicit_path = options.Last("--config").value_or("");
  request.record_contributions = true;
  const policy::LoadedConfig config = modes::LoadConfiguration(modes::ProcessEnvironment(), request);
  const KnownRules known = DescribeRules(config.config);
  guard::Answered();
  Print(options.Has("--json") ? Json(config, known) : Text(config, known, Terminal::OfOutput()));
  return config.has_errors() ? 1 : 0;
}

}  // namespace

Command Status() {
  return {.manual = {.name = "status",
                     .group = Group::kUnderstanding,
                     .summary = "which files are in force here, and what they do",
                     .usage = {"status [--json] [--config PATH]"},
                     .description = {"Shows which configuration files are in force here, what each line of them does, "
                                     "and what comes of it."},
                     .options = {{"--json", "", "all of it as one JSON object"},
                                 {"--config", "PATH", "take this file instead of the user's"}},
                     .examples = {{"safe-docker status", "What is in force in this folder."},
                                  {"safe-docker status --config new.toml --json",
                                   "What would be with another file, for a program."}},
                     .exit_codes = {{0, "the configuration can be used"},
                                    {1, "it has errors, which make every docker command ask"},
                                    {2, "it was called wrongly"}},
                     .see_also = {"safe-docker-check-config(1)", "safe-docker-trust(1)", "safe-docker-policy(7)"}},
          .run = &Run,
          .is_watched = true};
}

}  // namespace safe_docker::commands
