// Shell text to command lines.
#include <benchmark/benchmark.h>

#include <string>

#include "shell/analysis.hpp"

namespace {

safe_docker::shell::Context MakeContext() {
  safe_docker::shell::Context context;
  context.cwd = "/home/user/project";
  context.names = {"docker", "docker-compose", "podman"};
  return context;
}

void Analyze(benchmark::State& state, const std::string& text) {
  const safe_docker::shell::Context context = MakeContext();
  for (auto _ : state) {
    benchmark::DoNotOptimize(safe_docker::shell::Analyze(text, context));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

std::string Repeat(const std::string& text, std::size_t bytes) {
  std::string result;
  while (result.size() < bytes) result += text;
  return result;
}

constexpr char kTypical[] =
    "cd app && docker run --rm -v \"$PWD\":/app -w /app -e CI=1 node:20 npm test -- --watch=false";
constexpr char kScript[] =
    "# build and start\n"
    "set -eu\n"
    "VERSION=1.2.3; export VERSION\n"
    "echo \"building $VERSION\" >> log.txt 2>&1\n"
    "git status --short | grep -v '^#' | wc -l\n"
    "npm ci && npm test -- --reporter=dot || exit 1\n"
    "tar czf \"out-$VERSION.tar.gz\" build/ src/ 'a b'\n";

BENCHMARK_CAPTURE(Analyze, typical_command, std::string(kTypical));
BENCHMARK_CAPTURE(Analyze, no_docker, std::string("git status && npm test"));
BENCHMARK_CAPTURE(Analyze, script_64_KiB, Repeat(kScript, 64 * 1024));
BENCHMARK_CAPTURE(Analyze, script_256_KiB, Repeat(kScript, 256 * 1024));
BENCHMARK_CAPTURE(Analyze, parentheses_64_KiB, std::string(64 * 1024, '('));
BENCHMARK_CAPTURE(Analyze, substitutions_64_KiB, Repeat("$(", 64 * 1024));

}  // namespace
