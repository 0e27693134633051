// Findings to a verdict.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "policy/finding.hpp"

namespace {

using safe_docker::policy::Decision;
using safe_docker::policy::Finding;

std::vector<Finding> MakeFindings(std::int64_t count) {
  constexpr Decision kDecisions[] = {Decision::kAllow, Decision::kAsk, Decision::kDeny};
  std::vector<Finding> findings;
  for (std::int64_t i = 0; i < count; ++i) {
    Finding finding;
    finding.rule = "mounts/rule-" + std::to_string(i % 7);
    finding.decision = kDecisions[i % 3];
    finding.message = "The container could read the host's files below /etc/" + std::to_string(i);
    finding.written = "-v /etc/" + std::to_string(i) + ":/x";
    findings.push_back(std::move(finding));
  }
  return findings;
}

void Merge(benchmark::State& state) {
  const std::vector<Finding> findings = MakeFindings(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(safe_docker::policy::Merge(findings));
  }
}

BENCHMARK(Merge)->Arg(1)->Arg(10)->Arg(100)->Arg(1000);

}  // namespace
