// `safe-docker test`: policy as tests.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/progress.hpp"
#include "commands/terminal.hpp"
#include "commands/test_run.hpp"
#include "diagnostics.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "policy/config.hpp"

namespace safe_docker::commands {
namespace {

using Json = nlohmann::ordered_json;
using modes::Printable;

constexpr std::chrono::milliseconds kForEachCase{5000};

std::string TitleOf(const TestResult& result) { return Printable(result.test->name.substr(0, 200)); }

std::string PlaceOf(const TestResult& result) { return result.test->file + ":" + std::to_string(result.test->line); }

// Those that the verdict has, strongest first.
std::vector<std::string> RulesOf(const TestResult& result) {
  std::vector<std::string> rules;
  for (const policy::Finding& finding : result.verdict.findings) {
    if (IsInForce(finding)) {
      rules.push_back(finding.rule);
    }
  }
  return rules;
}

Json FindingsOf(const TestResult& result) {
  Json findings = Json::array();
  for (const policy::Finding& finding : result.verdict.findings) {
    Json one = {{"rule", finding.rule},
                {"decision", policy::Name(finding.decision)},
                {"treatment", policy::Name(finding.treatment)},
                {"message", Printable(finding.message)}};
    for (const auto& [key, text] : {std::pair{"advice", finding.advice}, std::pair{"because", finding.because}}) {
      if (!text.empty()) {
        one[key] = Printable(text);
      }
    }
    findings.push_back(std::move(one));
  }
  return findings;
}

// TAP 14. The diagnostics are YAML, of which JSON's texts and lists are a part.
std::string Tap(const std::vector<TestResult>& results) {
  std::string text = "TAP version 14\n1.." + std::to_string(results.size()) + "\n";
  for (std::size_t i = 0; i < results.size(); ++i) {
    const TestResult& result = results[i];
    std::string title;
    for (const char letter : TitleOf(result)) {  // "#" would begin a directive
      title += letter == '#' || letter == '\\' ? "\\" + std::string(1, letter) : std::string(1, letter);
    }
    text += (result.passed() ? "ok " : "not ok ") + std::to_string(i + 1) + " - " + title + "\n";
    if (result.passed()) {
      continue;
    }
    text += "  ---\n  message: " + AsciiJson(result.failure, kOnOneLine) +
            "\n  severity: fail\n  at: " + AsciiJson(PlaceOf(result), kOnOneLine) +
            "\n  expected: " + std::string(policy::Name(result.test->expected)) +
            "\n  found: " + std::string(policy::Name(result.verdict.decision)) +
            "\n  rules: " + AsciiJson(RulesOf(result), kOnOneLine) +
            "\n  findings:" + (result.verdict.findings.empty() ? " []" : "") + "\n";
    for (const Json& finding : FindingsOf(result)) {
      text += "    - " + AsciiJson(finding, kOnOneLine) + "\n";
    }
    text += "  ...\n";
  }
  return text;
}

std::size_t CountFailed(const std::vector<TestResult>& results) {
  std::size_t failed = 0;
  for (const TestResult& result : results) {
    failed += result.passed() ? 0 : 1;
  }
  return failed;
}

std::string AsJson(const std::vector<TestResult>& results) {
  Json cases = Json::array();
  for (const TestResult& result : results) {
    cases.push_back({{"file", result.test->file},
                     {"line", result.test->line},
                     {"name", Printable(result.test->name)},
                     {"ok", result.passed()},
                     {"expected", policy::Name(result.test->expected)},
                     {"found", policy::Name(result.verdict.decision)},
                     {"rules", RulesOf(result)},
                     {"message", result.failure},
                     {"findings", FindingsOf(result)}});
  }
  const std::size_t failed = CountFailed(results);
  return AsciiJson(
             Json{{"ok", failed == 0}, {"passed", results.size() - failed}, {"failed", failed}, {"cases", cases}}) +
         "\n";
}

std::string AsText(const std::vector<TestResult>& results, const Terminal& terminal) {
  std::string text;
  for (const TestResult& result : results) {
    if (result.passed()) {
      continue;
    }
    text += Printable(PlaceOf(result)) + ": " + terminal.PaintBold(TitleOf(result)) + "\n    " +
            Printable(result.failure) + "\n";
    for (const policy::Finding& finding : result.verdict.findings) {
      text += "    " +
              (IsInForce(finding) ? terminal.Paint(finding.decision, policy::Name(finding.decision)) : "note") + ": " +
              modes::Describe(finding, terminal.colors) + "\n";
    }
  }
  const std::size_t failed = CountFailed(results);
  return text + terminal.colors.Paint(Color::kGood, std::to_string(results.size() - failed) + " passed") + ", " +
         (failed == 0 ? "0 failed" : terminal.colors.Paint(Color::kBad, std::to_string(failed) + " failed")) + "\n";
}

// The configuration that is tested: the one that is named, or the user's own.
std::string ConfigPath(const Options& options, const TestFile& file) {
  if (const std::optional<std::string> named = options.Last("--config")) {
    return std::filesystem::absolute(*named).lexically_normal().string();
  }
  if (!file.config.empty()) {
    return file.config;
  }
  std::string own = policy::UserConfigPath(modes::ProcessEnvironment());
  std::error_code ignored;
  return std::filesystem::exists(own, ignored) ? own : "";
}

// What is wrong with a file or with the configuration that it is tested with. Without a sound one no case means
// anything.
bool TellProblems(const std::vector<policy::Problem>& problems) {
  bool is_broken = false;
  for (const policy::Problem& problem : problems) {
    if (problem.severity == policy::Problem::Severity::kError) {
      diagnostics::Log(diagnostics::Level::kError, Describe(problem));
      is_broken = true;
    }
  }
  return is_broken;
}

bool IsConfigBroken(const std::string& path) {
  modes::ConfigurationRequest request;
  request.explicit_path = path;
  return TellProblems(modes::LoadConfiguration(modes::ProcessEnvironment(), request).problems);
}

int Run(const Options& options) {
  if (options.words.empty() || (options.Has("--json") && options.Has("--tap"))) {
    return RefuseArguments(options.words.empty() ? "test: which files? `safe-docker test --help` shows how it is used"
                                                 : "test: either --json or --tap");
  }
  std::vector<TestFile> files;
  bool is_broken = false;
  for (const std::string& path : options.words) {
    files.push_back(ReadTestFile(path));
    is_broken = TellProblems(files.back().problems) || is_broken;
    is_broken = is_broken || IsConfigBroken(ConfigPath(options, files.back()));
  }
  if (is_broken) {
    guard::Answered();
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  std::vector<TestResult> results;
  const std::size_t count =
      std::accumulate(files.begin(), files.end(), std::size_t{0},
                      [](std::size_t sum, const TestFile& file) { return sum + file.cases.size(); });
  Progress progress("judging cases", Progress::Unit::kThings);
  for (const TestFile& file : files) {
    for (const TestCase& test : file.cases) {
      using std::chrono::milliseconds;
      const auto taken = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
      guard::SetDeadline(taken + kForEachCase);
      guard::SetStage("case " + test.name);
      progress.Tell(results.size(), count);
      results.push_back(RunTest(test, ConfigPath(options, file)));
    }
  }
  progress.End();
  guard::Answered();
  Print(options.Has("--json")  ? AsJson(results)
        : options.Has("--tap") ? Tap(results)
                               : AsText(results, Terminal::OfOutput()));
  return CountFailed(results) == 0 ? 0 : 1;
}

}  // namespace

Command Test() {
  return {.manual = {.name = "test",
                     .group = Group::kConfiguring,
                     .summary = "check a policy against cases",
                     .usage = {"test FILE.toml... [--config PATH] [--json | --tap]"},
                     .description = {"Runs commands through the policy and compares what it decides with what FILE "
                                     "expects. Nothing is started: each case is judged in a folder of its own."},
                     .options = {{"--config", "PATH", "test this configuration, not the one that FILE names"},
                                 {"--json", "", "all results as one JSON object"},
                                 {"--tap", "", "all results as TAP 14"}},
                     .words = "FILE",
                     .most_words = kAnyNumber,
                     .examples = {{"safe-docker test policy.test.toml", "Check the user's policy."},
                                  {"safe-docker test tests/*.toml --config new.toml --tap",
                                   "Check another one, in a CI that reads TAP."}},
                     .exit_codes = {{0, "all is as expected"},
                                    {1, "something is not"},
                                    {2, "it was called wrongly, or a file cannot be read"}},
                     .see_also = {"safe-docker-explain(1)", "safe-docker-policy(7)"}},
          .run = &Run,
          .is_watched = true};
}

}  // namespace safe_docker::commands
