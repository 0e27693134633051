// `safe-docker plugin check`: prints what trying out a plugin has found.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/progress.hpp"
#include "commands/terminal.hpp"
#include "conformance/conformance.hpp"
#include "file_system.hpp"
#include "modes/answer.hpp"
#include "policy/config_reader.hpp"
#include "toml.hpp"

namespace safe_docker::commands {
namespace {

using conformance::Level;
using conformance::Point;
using conformance::Report;
using Json = nlohmann::ordered_json;
using modes::Printable;

// Settings from a file, or a problem: JSON, TOML, or a whole config.toml that gives some to the plugin called `id`.
struct ReadSettings {
  nlohmann::json settings;
  std::string problem;
};
ReadSettings ReadSettingsFile(const std::string& path, const std::string& id) {
  ReadSettings read;
  constexpr std::uint64_t kLargestFile = 4 * 1024 * 1024;
  const FileContent content = ReadRegularFile(path, kLargestFile);
  if (content.status != FileContent::Status::kRead) {
    read.problem = path + " cannot be read" + (content.error.empty() ? "" : ": " + content.error);
    return read;
  }
  const std::string& text = content.text;
  if (path.ends_with(".json")) {
    read.settings = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    read.problem = read.settings.is_object() ? "" : path + " holds no JSON object";
    return read;
  }
  const toml::parse_result parsed = toml::parse(text, path);
  if (!parsed) {
    const toml::source_position& at = parsed.error().source().begin;
    read.problem = path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                   std::string(parsed.error().description());
    return read;
  }
  read.settings = policy::ToJson(parsed.table());
  const nlohmann::json::json_pointer place = nlohmann::json::json_pointer() / "plugins" / id / "settings";
  if (read.settings.contains(place)) {
    read.settings = nlohmann::json(read.settings.at(place));
  }
  return read;
}

std::string Mark(Level level, const Terminal& terminal) {
  constexpr Color kColors[] = {Color::kGood, Color::kFaint, Color::kCaution, Color::kBad};
  return terminal.colors.Paint(kColors[static_cast<std::size_t>(level)], PadRight(conformance::Name(level), 4));
}

std::string Count(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string Summary(const Report& report) {
  return std::to_string(report.Count(Level::kOk)) + " ok, " + Count(report.Count(Level::kWarning), "warning") + ", " +
         Count(report.Count(Level::kFailure), "failure") +
         (report.Count(Level::kSkipped) > 0 ? ", " + std::to_string(report.Count(Level::kSkipped)) + " not tried" : "");
}

std::string AsText(const Report& report, bool verbose) {
  const Terminal terminal = Terminal::OfOutput();
  std::string text;
  for (const Point& point : report.points) {
    text += Mark(point.level, terminal) + "  " + PadRight(point.id, 17) + " " + Printable(point.text) + "\n";
    if (!point.advice.empty()) {
      text += std::string(24, ' ') + terminal.PaintFaint(Printable(point.advice)) + "\n";
    }
  }
  for (const std::string& detail : verbose ? report.details : std::vector<std::string>{}) {
    text += "      " + Printable(detail) + "\n";
  }
  return text + Summary(report) + "\n";
}

std::string AsJson(const std::string& path, const Report& report, bool is_ok) {
  const auto fact = [&report](std::string_view name) -> Json {
    const auto found = report.facts.find(name);
    return found == report.facts.end() ? Json() : Json(found->second);
  };
  Json points = Json::array();
  for (const Point& point : report.points) {
    points.push_back({{"check", point.id},
                      {"result", conformance::Name(point.level)},
                      {"text", Printable(point.text)},
                      {"advice", Printable(point.advice)}});
  }
  const Json json = {{"ok", is_ok},
                     {"path", path},
                     {"id", fact("id")},
                     {"version", fact("version")},
                     {"abi", fact("abi")},
                     {"passed", report.Count(Level::kOk)},
                     {"warnings", report.Count(Level::kWarning)},
                     {"failures", report.Count(Level::kFailure)},
                     {"skipped", report.Count(Level::kSkipped)},
                     {"checks", std::move(points)}};
  return AsciiJson(json) + "\n";
}

int Run(const Options& options) {
  if (options.words.empty()) {
    return RefuseArguments(
        "plugin check: which plugin? Name its library, as in `safe-docker plugin check build/no-latest.so`");
  }
  const std::string path = std::filesystem::absolute(options.words[0]).lexically_normal().string();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    return RefuseArguments("plugin check: " + path +
                           " is not there, or no file; name the library that was built, often build/NAME.so");
  }
  std::optional<nlohmann::json> settings;
  if (const std::optional<std::string> file = options.Last("--settings")) {
    std::string id = std::filesystem::path(path).stem().string();
    ReadSettings read = ReadSettingsFile(*file, id);
    if (!read.problem.empty()) {
      return RefuseArguments("plugin check: --settings: " + read.problem);
    }
    settings = std::move(read.settings);
  }
  Report report;
  try {
    // No step is short enough to wait for the next one before it is told.
    Progress progress("trying " + std::string(BaseName(path)), Progress::Unit::kThings, std::chrono::milliseconds(0));
    report = conformance::TryPlugin(path, std::move(settings), [&](std::string_view step) { progress.Tell(step); });
  } catch (const std::exception& error) {
    return RefuseArguments(std::string("plugin check: ") + error.what());
  }
  const bool is_ok =
      report.Count(Level::kFailure) == 0 && !(options.Has("--strict") && report.Count(Level::kWarning) > 0);
  Print(options.Has("--json") ? AsJson(path, report, is_ok) : AsText(report, options.Has("--verbose")));
  return is_ok ? 0 : 1;
}

}  // namespace

Command PluginCheck() {
  return {
      .manual = {.name = "plugin check",
                 .group = Group::kPlugins,
                 .summary = "try a plugin out: whether it keeps its contract",
                 .usage = {"plugin check FILE [--settings FILE] [--strict] [--json] [--verbose]"},
                 .description =
                     {"Runs a plugin through its contract: the file, what it exports and needs, its description and "
                      "settings, ordinary and hostile requests, what it leaves behind and what it costs. Says of "
                      "each point what is wrong and how to mend it.",
                      "The plugin's code runs in processes of its own: a crash or a hang is a line that names it, "
                      "and the rest goes on."},
                 .options = {{"--settings", "FILE",
                              "its settings: TOML, JSON, or a whole config.toml; else the examples of its schema"},
                             {"--strict", "", "a warning counts as a failure"},
                             {"--json", "", "all results as one JSON object"},
                             {"--verbose", "", "also tell what it finds in the ordinary commands"}},
                 .words = "FILE",
                 .most_words = 1,
                 .examples = {{"safe-docker plugin check build/no-latest.so", "Try out what was built."},
                              {"safe-docker plugin check --strict --json no-latest.so", "In a CI."}},
                 .exit_codes = {{0, "nothing failed"},
                                {1, "something failed, or with --strict is warned about"},
                                {2, "it was called wrongly, or a file cannot be read"}},
                 .see_also = {"safe-docker-plugin-new(1)", "safe-docker-plugins(7)"}},
      .run = &Run};
}

}  // namespace safe_docker::commands
