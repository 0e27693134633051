// Loading the shipped plugins. A library is never unloaded, so each round happens in a process of its own, which says
// how long it took: starting that process is not counted.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "plugins/plugin_set.hpp"

namespace {

using safe_docker::plugins::Declaration;
using safe_docker::plugins::PluginInfo;
using safe_docker::plugins::PluginSet;

// Seconds that loading took; negative if a plugin did not load.
double LoadAll(const std::vector<std::string>& ids) {
  std::vector<Declaration> declarations;
  for (const std::string& id : ids) {
    Declaration declaration;
    declaration.id = id;
    declaration.path = std::string(SHIPPED_PLUGINS "/") + id + ".so";
    declarations.push_back(std::move(declaration));
  }
  const auto start = std::chrono::steady_clock::now();
  PluginSet plugins(std::move(declarations));
  for (const PluginInfo& info : plugins.Describe()) {
    if (!info.error.empty()) return -1;
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double LoadAllInChild(const std::vector<std::string>& ids) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  const pid_t pid = fork();
  if (pid == 0) {
    const double seconds = LoadAll(ids);
    _exit(write(ends[1], &seconds, sizeof seconds) == sizeof seconds ? 0 : 1);
  }
  close(ends[1]);
  double seconds = -1;
  if (pid < 0 || read(ends[0], &seconds, sizeof seconds) != sizeof seconds) seconds = -1;
  close(ends[0]);
  if (pid > 0) waitpid(pid, nullptr, 0);
  return seconds;
}

void Load(benchmark::State& state, const std::vector<std::string>& ids) {
  for (auto _ : state) {
    const double seconds = LoadAllInChild(ids);
    if (seconds < 0) {
      state.SkipWithError("a plugin did not load");
      return;
    }
    state.SetIterationTime(seconds);
  }
}

BENCHMARK_CAPTURE(Load, mounts, std::vector<std::string>{"mounts"})->UseManualTime();
BENCHMARK_CAPTURE(Load, compose, std::vector<std::string>{"compose"})->UseManualTime();
BENCHMARK_CAPTURE(Load, all_of_them,
                  std::vector<std::string>{"mounts", "flags", "images", "destroy", "compose", "bake", "kube",
                                           "devcontainer", "rootless"})
    ->UseManualTime();

}  // namespace
