#include "generated.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <set>

#include "generator/choices.hpp"
#include "generator/generator.hpp"
#include "rows.hpp"
#include "trial.hpp"
#include "workers.hpp"

namespace safe_docker::oracle {
namespace {

constexpr std::size_t kMostShrinkingTrials = 300;
constexpr std::size_t kLargestChunk = 16;
constexpr std::size_t kMostPrinted = 100;
constexpr std::size_t kLargestDropBehind = 3;

using Values = std::vector<std::uint32_t>;

std::uint64_t SeedOf(const GeneratedRun& run, std::uint32_t index) { return run.seed * 1'000'003U + index; }

std::string Generate(const GeneratedRun& run, Choices* choices) {
  using Subject = Generator::Subject;
  return Generator(choices, run.is_harmless ? Subject::kHarmless : Subject::kDocker).Program();
}

std::string ProgramOf(const GeneratedRun& run, const Values& values) {
  Choices choices(values);
  return Generate(run, &choices);
}

ProgramOutcome Classify(const GeneratedRun& run, const Trial& trial) {
  if (!FindMiss(trial).empty()) {
    return ProgramOutcome::kMissed;
  }
  if (trial.comparison.calls.empty()) {
    return run.is_harmless && !trial.verdict.empty() ? ProgramOutcome::kNoisy : ProgramOutcome::kUncalled;
  }
  return trial.comparison.asks       ? ProgramOutcome::kOpaque
         : trial.comparison.is_exact ? ProgramOutcome::kExact
                                     : ProgramOutcome::kCovered;
}

// Looks for a smaller program with the same outcome: first with fewer and smaller choices, then with fewer lines.
class Shrinker {
 public:
  Shrinker(Sandbox& sandbox, const GeneratedRun& run, Values values)
      : sandbox_(sandbox), run_(run), values_(std::move(values)), program_(ProgramOf(run, values_)) {}

  std::string Shrink() {
    while (ShrinkOnce() && !IsTired()) {
    }
    while (DropLines() && !IsTired()) {
    }
    return program_;
  }

 private:
  bool IsTired() const { return tried_.size() >= kMostShrinkingTrials; }

  bool IsStillWanted(const std::string& program) {
    return !IsTired() && tried_.insert(program).second && Classify(run_, Try(sandbox_, program)) == run_.wanted;
  }

  bool Accept(Values candidate) {
    std::string program = ProgramOf(run_, candidate);
    const bool is_same = program == program_ && candidate.size() < values_.size();
    if (!is_same && (program.size() >= program_.size() || !IsStillWanted(program))) {
      return false;
    }
    values_ = std::move(candidate);
    program_ = std::move(program);
    return true;
  }

  // Chunks of choices left out, or lowered with some behind them left out.
  bool ShrinkOnce() {
    bool better = false;
    for (std::size_t size = kLargestChunk; size > 0; size /= 2) {
      for (std::size_t at = 0; at < values_.size();) {
        const bool accepted = Accept(Without(at, size));
        better = better || accepted;
        at += accepted ? 0 : size;
      }
    }
    for (std::size_t at = 0; at < values_.size(); ++at) {
      for (std::size_t more = 0; more <= kLargestDropBehind && values_[at] != 0; ++more) {
        Values candidate = Without(at + 1, more);
        candidate[at] = 0;
        better = Accept(std::move(candidate)) || better;
      }
    }
    return better;
  }

  Values Without(std::size_t at, std::size_t count) const {
    Values candidate = values_;
    const auto begin = candidate.begin() + static_cast<std::ptrdiff_t>(std::min(at, candidate.size()));
    const auto left = static_cast<std::size_t>(candidate.end() - begin);
    candidate.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(count, left)));
    return candidate;
  }

  bool DropLines() {
    bool better = false;
    for (std::size_t at = 0; at < program_.size();) {
      const std::size_t end = program_.find('\n', at);
      const std::size_t count = (end == std::string::npos ? program_.size() : end + 1) - at;
      std::string candidate = program_;
      candidate.erase(at, count);
      if (IsStillWanted(candidate)) {
        program_ = std::move(candidate);
        better = true;
      } else {
        at += count;
      }
    }
    return better;
  }

  Sandbox& sandbox_;
  const GeneratedRun& run_;
  Values values_;
  std::string program_;
  std::set<std::string> tried_;
};

Result TryProgram(Sandbox& sandbox, const GeneratedRun& run, std::uint32_t index, unsigned* shrinks_left) {
  Choices choices(SeedOf(run, index));
  std::string program = Generate(run, &choices);
  const Trial trial = Try(sandbox, program);
  const ProgramOutcome outcome = Classify(run, trial);
  Result result{index, static_cast<std::uint32_t>(outcome), ""};
  if (outcome == run.wanted && *shrinks_left > 0) {
    --*shrinks_left;
    program = Shrinker(sandbox, run, choices.values()).Shrink();
  }
  if (outcome == run.wanted) {
    result.report = OnOneLine(program);
  } else if (run.is_verbose) {
    result.report = OnOneLine(program) + "\n" + Describe(trial) + trial.recording.output;
  }
  return result;
}

// What a shrunk program shows, once it runs again.
std::string Explain(Sandbox& sandbox, const std::string& program) {
  const Trial trial = Try(sandbox, program);
  return FindMiss(trial) + "\n    " + OnOneLine(program) + "\n" + Describe(trial);
}

void PrintPrograms(const SandboxPlan& plan, const std::vector<std::string>& programs) {
  const auto count = static_cast<std::uint32_t>(std::min(programs.size(), kMostPrinted));
  const Outcomes outcomes = RunInSandboxes(plan, count, 1, [&](Sandbox& sandbox, std::uint32_t index) {
    return Result{index, 0, Explain(sandbox, WithLineBreaks(programs[index]))};
  });
  for (const Result& result : outcomes.results) {
    std::printf("%s\n", result.report.c_str());
  }
  if (programs.size() > count) {
    std::printf("and %zu more\n", programs.size() - count);
  }
}

}  // namespace

GeneratedReport RunGeneratedPrograms(const SandboxPlan& plan, const GeneratedRun& run) {
  const auto start = std::chrono::steady_clock::now();
  unsigned shrinks_left = run.shrinks / std::max(1U, run.workers);
  const Outcomes outcomes = RunInSandboxes(plan, run.count, run.workers, [&](Sandbox& sandbox, std::uint32_t index) {
    return TryProgram(sandbox, run, index, &shrinks_left);
  });
  std::array<std::size_t, std::size(kOutcomeNames)> counts{};
  std::set<std::string> wanted;
  for (const Result& result : outcomes.results) {
    const bool crashed = result.outcome == kCrashed;
    const auto outcome = crashed ? ProgramOutcome::kMissed : static_cast<ProgramOutcome>(result.outcome);
    ++counts[static_cast<std::size_t>(outcome)];
    if (crashed) {
      Choices choices(SeedOf(run, result.index));
      std::printf("the analysis crashed: %s\n", OnOneLine(Generate(run, &choices)).c_str());
    } else if (outcome == run.wanted) {
      wanted.insert(result.report);
    } else if (!result.report.empty()) {
      std::printf("%s: %s\n", kOutcomeNames[static_cast<std::size_t>(outcome)].data(), result.report.c_str());
    }
  }
  GeneratedReport report{
      outcomes.problem, counts[static_cast<std::size_t>(ProgramOutcome::kMissed)], {wanted.begin(), wanted.end()}};
  PrintPrograms(plan, report.wanted);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  std::printf("%zu programs, seed %llu, %.0f s:", outcomes.results.size(), static_cast<unsigned long long>(run.seed),
              time.count());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::printf("%s %zu %s (%.1f %%)", i == 0 ? "" : ",", counts[i], kOutcomeNames[i].data(),
                100.0 * static_cast<double>(counts[i]) / static_cast<double>(std::max(1U, run.count)));
  }
  std::printf("\n");
  return report;
}

}  // namespace safe_docker::oracle
