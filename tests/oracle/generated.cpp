#include "generated.hpp"

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

constexpr int kMostShrinkingTrials = 400;
constexpr std::size_t kLargestChunk = 16;
// The miss of a program that is only unusual must not turn into another one on the way.
constexpr std::size_t kMostShrunk = 40;

enum Outcome : std::uint32_t { kExact, kCovered, kOpaque, kNothing, kMissed, kOutcomes };
constexpr std::array<const char*, kOutcomes> kOutcomeNames = {"exact", "covered", "opaque (asks)", "nothing called",
                                                              "MISSED"};

using Values = std::vector<std::uint32_t>;

std::string ProgramOf(const Values& values) {
  Choices choices(values);
  return Generator(&choices).Program();
}

Outcome Classify(const Trial& trial) {
  if (!FindMiss(trial).empty()) {
    return kMissed;
  }
  if (trial.comparison.calls.empty()) {
    return kNothing;
  }
  return trial.comparison.asks ? kOpaque : trial.comparison.is_exact ? kExact : kCovered;
}

// Greedily drops and lowers choices while the program is still missed.
class Shrinker {
 public:
  Shrinker(Sandbox& sandbox, Values values) : sandbox_(sandbox), values_(std::move(values)) {}

  std::string Shrink() {
    bool better = true;
    while (better && trials_ < kMostShrinkingTrials) {
      better = false;
      for (std::size_t chunk = kLargestChunk; chunk > 0; chunk /= 2) {
        better = DropChunks(chunk) || better;
      }
      better = LowerValues() || better;
    }
    return ProgramOf(values_);
  }

 private:
  bool Accept(Values candidate) {
    const std::string program = ProgramOf(candidate);
    if (program.size() > ProgramOf(values_).size() || candidate == values_ || trials_++ >= kMostShrinkingTrials ||
        Classify(Try(sandbox_, program)) != kMissed) {
      return false;
    }
    values_ = std::move(candidate);
    return true;
  }

  bool DropChunks(std::size_t size) {
    bool better = false;
    for (std::size_t at = 0; at < values_.size();) {
      Values candidate = values_;
      const auto begin = candidate.begin() + static_cast<std::ptrdiff_t>(at);
      candidate.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(size, candidate.size() - at)));
      if (Accept(std::move(candidate))) {
        better = true;
      } else {
        at += size;
      }
    }
    return better;
  }

  bool LowerValues() {
    bool better = false;
    for (std::size_t at = 0; at < values_.size(); ++at) {
      for (const std::uint32_t value : {0U, values_[at] / 2}) {
        Values candidate = values_;
        candidate[at] = value;
        if (value < values_[at] && Accept(std::move(candidate))) {
          better = true;
          break;
        }
      }
    }
    return better;
  }

  Sandbox& sandbox_;
  Values values_;
  int trials_ = 0;
};

Result TryProgram(Sandbox& sandbox, const GeneratedRun& run, std::uint32_t index) {
  Choices choices(run.seed * 1'000'003U + index);
  const std::string program = Generator(&choices).Program();
  const Trial trial = Try(sandbox, program);
  const Outcome outcome = Classify(trial);
  if (outcome != kMissed && !run.is_verbose) {
    return {index, outcome, ""};
  }
  if (outcome != kMissed) {
    return {index, outcome, OnOneLine(program) + "\n" + Describe(trial) + trial.recording.output};
  }
  const std::string shrunk = Shrinker(sandbox, choices.values()).Shrink();
  return {index, outcome, OnOneLine(shrunk)};
}

// What a shrunk program shows, once it runs again.
std::string Explain(Sandbox& sandbox, const std::string& program) {
  const Trial trial = Try(sandbox, program);
  return FindMiss(trial) + "\n    " + OnOneLine(program) + "\n" + Describe(trial);
}

void PrintMissed(const SandboxPlan& plan, const std::vector<std::string>& missed) {
  const Outcomes outcomes =
      RunInSandboxes(plan, static_cast<std::uint32_t>(missed.size()), 1, [&](Sandbox& sandbox, std::uint32_t index) {
        return Result{index, 0, Explain(sandbox, WithLineBreaks(missed[index]))};
      });
  for (const Result& result : outcomes.results) {
    std::printf("%s\n", result.report.c_str());
  }
}

}  // namespace

GeneratedOutcome RunGeneratedPrograms(const SandboxPlan& plan, const GeneratedRun& run) {
  const auto start = std::chrono::steady_clock::now();
  const Outcomes outcomes = RunInSandboxes(plan, run.count, run.workers, [&run](Sandbox& sandbox, std::uint32_t index) {
    return TryProgram(sandbox, run, index);
  });
  GeneratedOutcome outcome;
  outcome.problem = outcomes.problem;
  std::array<std::size_t, kOutcomes> counts{};
  std::set<std::string> missed;
  for (const Result& result : outcomes.results) {
    const bool crashed = result.outcome == kCrashed;
    ++counts[crashed ? kMissed : result.outcome];
    if (crashed) {
      Choices choices(run.seed * 1'000'003U + result.index);
      missed.insert(OnOneLine(Generator(&choices).Program()));
    } else if (result.outcome == kMissed) {
      missed.insert(result.report);
    } else if (!result.report.empty()) {
      std::printf("%s: %s\n", kOutcomeNames[result.outcome], result.report.c_str());
    }
  }
  outcome.missed.assign(missed.begin(), missed.end());
  PrintMissed(plan, outcome.missed);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  std::printf("%zu programs, seed %llu, %.0f s:", outcomes.results.size(), static_cast<unsigned long long>(run.seed),
              time.count());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::printf("%s %zu %s (%.1f %%)", i == 0 ? "" : ",", counts[i], kOutcomeNames[i],
                100.0 * static_cast<double>(counts[i]) / static_cast<double>(std::max<std::size_t>(1, run.count)));
  }
  std::printf("\n");
  return outcome;
}

}  // namespace safe_docker::oracle
