#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/known_rules.hpp"
#include "commands/terminal.hpp"
#include "diagnostics.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "policy/config.hpp"
#include "policy/rules.hpp"

namespace safe_docker::commands {
namespace {

using policy::Problem;

// Plugins check their own settings; what they say is reported where they were declared.
void AddPluginProblem(const plugins::PluginInfo& info, policy::LoadedConfig* loaded) {
  Problem problem;
  problem.key = "plugins." + info.id;
  problem.message = info.error;
  problem.file = info.path;
  for (const policy::PluginSettings& plugin : loaded->config.plugins) {
    if (plugin.id == info.id) {
      problem.file = plugin.file;
      problem.line = plugin.line;
      problem.column = 1;
    }
  }
  loaded->problems.push_back(std::move(problem));
}

// The plugin of the user's own rules tells each problem with its place, "/rules/2/when: ...", separated by "; ".
void AddRuleProblems(const plugins::PluginInfo& info, policy::LoadedConfig* loaded) {
  constexpr std::string_view kSeparator = "; /rules/";
  const std::size_t start = info.error.find("/rules/");
  if (start == std::string::npos) {
    AddPluginProblem(info, loaded);
    return;
  }
  std::string_view rest = std::string_view(info.error).substr(start);
  while (!rest.empty()) {
    const std::size_t end = rest.find(kSeparator);
    const std::string_view text = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + kSeparator.find('/'));
    const std::size_t colon = text.find(": ");
    Problem problem;
    problem.key = text.substr(1, text.find_first_of(" :") - 1);
    problem.message = text.substr(colon == std::string_view::npos ? 0 : colon + 2);
    const auto index = static_cast<std::size_t>(std::atoi(std::string(text.substr(7)).c_str()));
    const bool has_place = index < loaded->config.rules.size() && loaded->config.rules[index].contains("place");
    const std::string place = has_place ? loaded->config.rules[index]["place"].get<std::string>() : "";
    const std::size_t line = place.rfind(':');
    problem.file = place.substr(0, line);
    problem.line = line == std::string::npos ? 0U : static_cast<std::uint32_t>(std::atoi(place.c_str() + line + 1));
    problem.column = problem.line != 0 ? 1 : 0;
    loaded->problems.push_back(std::move(problem));
  }
}

// The rules that there are. What is wrong with a plugin is kept.
std::vector<policy::Rule> CheckPlugins(policy::LoadedConfig* loaded) {
  KnownRules known = DescribeRules(loaded->config);
  for (const plugins::PluginInfo& info : known.plugins) {
    if (!info.error.empty()) {
      info.id == "rules" ? AddRuleProblems(info, loaded) : AddPluginProblem(info, loaded);
    }
  }
  return std::move(known.rules);
}

// A line that speaks of no rule has no effect, and was meant to have one.
void CheckSelector(const policy::Selector& selector, const policy::Place& place, std::string_view key,
                   const std::vector<policy::Rule>& rules, policy::LoadedConfig* loaded) {
  const bool speaks_of_one = std::any_of(rules.begin(), rules.end(), [&selector](const policy::Rule& rule) {
    return policy::Selects(selector, rule.id, rule.tags);
  });
  if (speaks_of_one) {
    return;
  }
  Problem problem;
  problem.severity = Problem::Severity::kWarning;
  problem.file = place.file;
  problem.line = place.line;
  problem.column = 1;
  problem.key = key;
  problem.message = "no rule is called '" + Describe(selector) + "'" + NearestRule(selector.text, rules);
  loaded->problems.push_back(std::move(problem));
}

void CheckSelectors(const std::vector<policy::Rule>& rules, policy::LoadedConfig* loaded) {
  const policy::Policy policy = loaded->config.policy;
  for (const policy::ModeLine& line : policy.modes) {
    CheckSelector(line.selector, line.place, "modes." + std::string(Name(line.mode)), rules, loaded);
  }
  for (const std::vector<policy::DecisionLine>* lines : {&policy.decisions, &policy.floors}) {
    for (const policy::DecisionLine& line : *lines) {
      CheckSelector(line.selector, line.place, "decisions", rules, loaded);
    }
  }
  for (const policy::Exception& exception : policy.exceptions) {
    CheckSelector(exception.rule, exception.place, "exceptions.rule", rules, loaded);
  }
}

nlohmann::ordered_json ToJson(const Problem& problem) {
  return {{"severity", problem.severity == Problem::Severity::kError ? "error" : "warning"},
          {"file", problem.file},
          {"line", problem.line},
          {"column", problem.column},
          {"key", problem.key},
          {"message", problem.message}};
}

void PrintJson(const policy::LoadedConfig& loaded) {
  nlohmann::ordered_json problems = nlohmann::ordered_json::array();
  for (const Problem& problem : loaded.problems) {
    problems.push_back(ToJson(problem));
  }
  const nlohmann::ordered_json report = {{"files", loaded.files}, {"ok", !loaded.has_errors()}, {"problems", problems}};
  std::puts(AsciiJson(report).c_str());
}

std::string Text(const policy::LoadedConfig& loaded, const Terminal& terminal) {
  std::string text;
  for (const Problem& problem : loaded.problems) {
    text += Describe(problem, terminal.colors) + "\n";
  }
  std::string files;
  for (const std::string& file : loaded.files) {
    files += (files.empty() ? "" : ", ") + modes::Printable(file);
  }
  if (files.empty() && loaded.has_errors()) {
    return text;
  }
  return text + (files.empty() ? "built-in defaults (no configuration file)" : files) + ": " +
         (loaded.has_errors()
              ? terminal.colors.Paint(Color::kBad, "errors") + "; every docker command asks until they are mended"
              : terminal.colors.Paint(Color::kGood, "ok") + (loaded.problems.empty() ? "" : ", with warnings")) +
         "\n";
}

int Run(const Options& options) {
  modes::ConfigurationRequest request;
  request.explicit_path = options.Last("--config").value_or("");
  request.cwd = CurrentFolder(nullptr);
  request.thorough = true;
  policy::LoadedConfig loaded = modes::LoadConfiguration(modes::ProcessEnvironment(), request);
  CheckSelectors(CheckPlugins(&loaded), &loaded);
  guard::Answered();
  if (options.Has("--json")) {
    PrintJson(loaded);
  } else {
    Print(Text(loaded, Terminal::OfOutput()));
  }
  return loaded.has_errors() ? 1 : 0;
}

}  // namespace

Command CheckConfig() {
  return {.manual = {.name = "check-config",
                     .group = Group::kConfiguring,
                     .summary = "look for mistakes in the configuration",
                     .usage = {"check-config [--config PATH] [--json]"},
                     .description = {"Looks for mistakes in the configuration that is in force here, or in PATH, and "
                                     "names each by file, line and key."},
                     .options = {{"--config", "PATH", "look at this file instead of the user's"},
                                 {"--json", "", "what was found as one JSON object"}},
                     .examples = {{"safe-docker check-config", "Look at the configuration that is in force here."},
                                  {"safe-docker check-config --config new.toml --json",
                                   "Look at another file, for a program."}},
                     .exit_codes = {{0, "nothing is wrong, or there are warnings only"},
                                    {1, "something is wrong that makes every docker command ask"},
                                    {2, "it was called wrongly"}},
                     .see_also = {"safe-docker-config(5)", "safe-docker-status(1)"}},
          .run = &Run,
          .is_watched = true};
}

}  // namespace safe_docker::commands
