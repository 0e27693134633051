// `safe-docker doctor`: the table of themes, how they are run, and how what they tell is shown.
#include "commands/doctor.hpp"
#include "commands/json_output.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "commands/commands.hpp"
#include "commands/terminal.hpp"
#include "file_system.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"

namespace safe_docker::commands {
namespace {

using conformance::Level;
using conformance::Point;
using conformance::Report;

struct Theme {
  std::string_view name;
  void (*check)(const Visit&, Findings*);
};
constexpr Theme kThemes[] = {
    {"installation", &CheckInstallation},
    {"configuration", &CheckConfiguration},
    {"plugins", &CheckPlugins},
    {"docker", &CheckDocker},
    {"engine", &CheckEngine},
    {"path", &CheckPath},
    {"hook", &CheckHook},
    {"audit", &CheckAuditLog},
};

// Longer than any one program that a theme runs may take, and than all that it runs.
constexpr conformance::Limits kLimits = {std::chrono::seconds(30), std::chrono::seconds(90)};

void RunTheme(const Theme& theme, const Visit& visit, Report* report) {
  const std::string id = std::string(theme.name) + ".check";
  const std::size_t before = report->points.size();
  try {
    const conformance::Ending ending = conformance::RunIsolated(
        kLimits,
        [&](conformance::Teller& teller) {
          Findings findings(teller);
          theme.check(visit, &findings);
        },
        report);
    if (!ending.finished || !ending.how.empty()) {
      report->Fail(id,
                   "the check itself " + (ending.how.empty() ? "was cut short" : ending.how) +
                       (ending.doing.empty() ? "" : ", in " + ending.doing),
                   "Report this with what `safe-docker --version` prints.");
    } else if (report->points.size() == before) {
      report->Fail(id, "the check has found nothing to say, which cannot be",
                   "Look at what the plugins in config.toml are, and leave those out that you do not know.");
    }
  } catch (const std::system_error& error) {
    report->Fail(id, error.what(), "Run it again when the machine has memory and processes to spare.");
  }
}

// The one place where a status becomes text.
std::string StatusText(Level level, const Colors& colors) {
  constexpr Color kColors[] = {Color::kGood, Color::kFaint, Color::kCaution, Color::kBad};
  return colors.Paint(kColors[static_cast<std::size_t>(level)], PadRight(Name(level), 4));
}

std::string Counted(std::size_t count, std::string_view one, std::string_view several) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : several);
}

std::string Text(const Report& report, const Terminal& terminal) {
  std::size_t columns = 0;
  for (const Point& point : report.points) {
    columns = std::max(columns, point.id.size());
  }
  std::string text;
  for (const Point& point : report.points) {
    text += StatusText(point.level, terminal.colors) + "  " + PadRight(point.id, columns) + "  " +
            modes::Printable(point.text) + "\n";
    text += point.advice.empty() ? "" : "      fix: " + modes::Printable(point.advice) + "\n";
  }
  return text + std::to_string(report.Count(Level::kOk)) + " ok, " +
         Counted(report.Count(Level::kWarning), "warning", "warnings") + ", " +
         Counted(report.Count(Level::kFailure), "failure", "failures") + "\n";
}

std::string Json(const Report& report) {
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const Point& point : report.points) {
    checks.push_back({{"id", point.id}, {"status", Name(point.level)}, {"message", point.text}, {"fix", point.advice}});
  }
  const nlohmann::ordered_json all = {{"checks", checks},
                                      {"summary",
                                       {{"ok", report.Count(Level::kOk)},
                                        {"warnings", report.Count(Level::kWarning)},
                                        {"failures", report.Count(Level::kFailure)}}}};
  return AsciiJson(all) + "\n";
}

int Run(const Options& options) {
  Visit visit;
  visit.environment = modes::ProcessEnvironment();
  visit.folder = CurrentFolder(nullptr);
  visit.runs_hooks = options.Has("--run-hooks");
  if (!visit.environment.GetOr(kDoctorVariable, "").empty()) {
    return RefuseArguments("doctor: was started by doctor; a hook that runs it would never end");
  }
  if (visit.folder.empty()) {
    return RefuseArguments("doctor: the folder that it was started in has been removed; change to another one");
  }
  Report report;
  for (const Theme& theme : kThemes) {
    RunTheme(theme, visit, &report);
  }
  Print(options.Has("--json") ? Json(report) : Text(report, Terminal::OfOutput()));
  return report.Count(Level::kFailure) == 0 ? 0 : 1;
}

}  // namespace

policy::LoadedConfig ConfigurationOf(const Visit& visit) {
  modes::ConfigurationRequest request = modes::ForCommandIn(visit.folder);
  request.thorough = true;
  request.record_contributions = true;
  return modes::LoadConfiguration(visit.environment, request);
}

Command Doctor() {
  return {.manual = {.name = "doctor",
                     .group = Group::kSettingUp,
                     .summary = "look whether everything is in place, and say what is not",
                     .usage = {"doctor [--json] [--run-hooks]"},
                     .description =
                         {"Looks at the configuration, the plugins, docker and its engine, PATH, the hook of the "
                          "agent, the audit log and safe-docker itself, as they are for a command that is run in this "
                          "folder. Each point is a line with ok, warn or fail, and with what would mend it.",
                          "The hook is not only read but tried: the command line in the agent's settings is run, once "
                          "with a harmless command and once with one that must be denied, neither of which is run. A "
                          "command line that is more than safe-docker itself, in settings that came with a project, is "
                          "tried with --run-hooks only: it may do anything.",
                          "Nothing is changed, and nothing takes long: whatever does not answer is ended."},
                     .options = {{"--json", "", "what was found as one JSON object"},
                                 {"--run-hooks", "",
                                  "also try hooks that run more than safe-docker itself, whoever has written them"}},
                     .examples = {{"safe-docker doctor", "Look at everything, for this folder."},
                                  {"safe-docker doctor --json", "The same, for a program."}},
                     .exit_codes = {{0, "nothing failed; there may be warnings"},
                                    {1, "something failed"},
                                    {2, "it was called wrongly"}},
                     .see_also = {"safe-docker-status(1)", "safe-docker-check-config(1)"}},
          .run = &Run};
}

}  // namespace safe_docker::commands
