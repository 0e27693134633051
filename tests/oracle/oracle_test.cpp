// bash as the oracle: see README.md.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "generated.hpp"
#include "rows.hpp"
#include "trial.hpp"
#include "workers.hpp"

namespace safe_docker::oracle {
namespace {

constexpr int kSkipped = 77;
constexpr std::uint32_t kDefaultCount = 20000;
constexpr std::uint64_t kDefaultSeed = 20240501;

// Recorded, but not compared.
constexpr const char* kOtherPrograms[] = {
    "sudo", "doas", "pkexec", "runuser", "ssh",    "curl",     "wget", "kubectl", "helm", "npm",   "npx",
    "yarn", "pnpm", "brew",   "aws",     "gcloud", "minikube", "kind", "su",      "scp",  "rsync", "systemctl"};

struct Options {
  bool generate = false;
  bool harmless = false;
  bool verbose = false;
  std::string filter;
  std::string run;
  std::string list_missed;
  std::string cases = TEST_DATA_DIR;
  std::uint64_t seed = kDefaultSeed;
  std::uint32_t count = kDefaultCount;
  unsigned workers = 0;
  std::size_t every = 1;
  unsigned shrinks = 20;
  ProgramOutcome wanted = ProgramOutcome::kMissed;
};

int Usage() {
  std::fputs(
      "usage: oracle_test [--generate [--harmless]] [--seed N] [--count N] [--filter TEXT] [--run SNIPPET] [--cases "
      "FOLDER]\n"
      "                   [--verbose] [--list-missed FILE] [--outcome NAME] [--shrink N] [--workers N] [--every N]\n",
      stderr);
  return 2;
}

bool ParseOptions(int count, char** argv, Options* options) {
  for (int at = 1; at < count; ++at) {
    const std::string name = argv[at];
    if (name == "--generate") {
      options->generate = true;
      continue;
    }
    if (name == "--harmless") {
      options->harmless = true;
      options->wanted = ProgramOutcome::kNoisy;
      continue;
    }
    if (name == "--verbose") {
      options->verbose = true;
      continue;
    }
    if (at + 1 == count) {
      return false;
    }
    const std::string value = argv[++at];
    if (name == "--filter") {
      options->filter = value;
    } else if (name == "--run") {
      options->run = value;
    } else if (name == "--list-missed") {
      options->list_missed = value;
    } else if (name == "--cases") {
      options->cases = value;
    } else if (name == "--seed") {
      options->seed = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "--count") {
      options->count = static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    } else if (name == "--shrink") {
      options->shrinks = static_cast<unsigned>(std::strtoul(value.c_str(), nullptr, 10));
    } else if (name == "--outcome") {
      const auto* const place = std::find(std::begin(kOutcomeNames), std::end(kOutcomeNames), value);
      options->wanted = static_cast<ProgramOutcome>(place - std::begin(kOutcomeNames));
    } else if (name == "--every") {
      options->every = std::max<std::size_t>(1, std::strtoul(value.c_str(), nullptr, 10));
    } else if (name == "--workers") {
      options->workers = static_cast<unsigned>(std::strtoul(value.c_str(), nullptr, 10));
    } else {
      return false;
    }
  }
  return true;
}

SandboxPlan MakePlan() {
  SandboxPlan plan;
  plan.stub = ORACLE_STUB;
  plan.home = std::string(TEST_DATA_DIR) + "/home";
  plan.host = HOST_FOLDER;
  plan.host_parts = {HOST_PROGRAMS, HOST_PLUGINS};
  plan.programs = Names();
  plan.programs.insert(plan.programs.end(), std::begin(kOtherPrograms), std::end(kOtherPrograms));
  return plan;
}

unsigned Workers(const Options& options) {
  return options.workers != 0 ? options.workers : static_cast<unsigned>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
}

// Without a sandbox nothing can be shown. Where the result counts, that is a failure.
int NoSandbox(const std::string& problem) {
  const bool counts = std::getenv("CI") != nullptr;
  std::printf("%s: no sandbox can be made: %s\n", counts ? "FAILED" : "skipped", problem.c_str());
  return counts ? 1 : kSkipped;
}

void ListMissed(const std::string& path, const std::vector<std::string>& missed) {
  if (!path.empty()) {
    std::ofstream file(path);
    for (const std::string& line : missed) {
      file << line << "\n";
    }
  }
}

std::vector<Row> SelectRows(const Options& options, std::size_t* problems) {
  if (!options.run.empty()) {
    return {{"--run", options.run, Expectation::kAllowed, options.run}};
  }
  Rows rows = ReadRows(options.cases);
  *problems = rows.problems.size();
  for (const std::string& place : rows.problems) {
    std::printf("%s: not a row of expectation and snippet\n", place.c_str());
  }
  std::erase_if(rows.rows, [&](const Row& row) {
    return row.place.find(options.filter) == std::string::npos && row.written.find(options.filter) == std::string::npos;
  });
  std::vector<Row> chosen;
  for (std::size_t index = 0; index < rows.rows.size(); index += options.every) {
    chosen.push_back(std::move(rows.rows[index]));
  }
  return chosen;
}

int RunRows(const Options& options) {
  std::size_t failures = 0;
  const std::vector<Row> rows = SelectRows(options, &failures);
  const bool talks = options.verbose || !options.run.empty();
  Outcomes outcomes = RunInSandboxes(
      MakePlan(), static_cast<std::uint32_t>(rows.size()), Workers(options),
      [&](Sandbox& sandbox, std::uint32_t index) {
        const Row& row = rows[index];
        const Trial trial = Try(sandbox, row.text);
        const std::string problem = FindDisagreement(trial, row.expectation);
        std::string report =
            row.place + ": " + (problem.empty() ? "ok" : problem) + "\n    " + row.written + "\n" + Describe(trial);
        report += talks ? trial.recording.output : "";
        return Result{index, problem.empty() ? 0U : 1U, talks || !problem.empty() ? report : std::string()};
      });
  if (!outcomes.problem.empty()) {
    return NoSandbox(outcomes.problem);
  }
  std::sort(outcomes.results.begin(), outcomes.results.end(),
            [](const Result& left, const Result& right) { return left.index < right.index; });
  std::vector<std::string> missed;
  for (const Result& result : outcomes.results) {
    if (result.outcome == kCrashed) {
      std::printf("%s: the analysis crashed\n    %s\n", rows[result.index].place.c_str(),
                  rows[result.index].written.c_str());
    }
    std::fputs(result.outcome == kCrashed ? "" : result.report.c_str(), stdout);
    if (result.outcome != 0) {
      missed.push_back(rows[result.index].written);
    }
  }
  ListMissed(options.list_missed, missed);
  failures += missed.size();
  std::printf("%zu rows, %zu failures\n", rows.size(), failures);
  return failures == 0 && !rows.empty() ? 0 : 1;
}

int RunGenerated(const Options& options) {
  GeneratedRun run;
  run.seed = options.seed;
  run.count = options.count;
  run.workers = Workers(options);
  run.shrinks = options.shrinks;
  run.is_verbose = options.verbose;
  run.wanted = options.wanted;
  run.is_harmless = options.harmless;
  const GeneratedReport report = RunGeneratedPrograms(MakePlan(), run);
  if (!report.problem.empty()) {
    return NoSandbox(report.problem);
  }
  ListMissed(options.list_missed, report.wanted);
  return report.missed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace safe_docker::oracle

int main(int count, char** argv) {
  using namespace safe_docker::oracle;
  Options options;
  if (!ParseOptions(count, argv, &options)) {
    return Usage();
  }
  return options.generate ? RunGenerated(options) : RunRows(options);
}
