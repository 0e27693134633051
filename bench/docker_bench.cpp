// A docker command line to requests with their effects.
#include <benchmark/benchmark.h>

#include <sstream>
#include <string>

#include "docker/requests.hpp"

namespace {

safe_docker::CommandLine MakeCommandLine(const std::string& text) {
  safe_docker::CommandLine line;
  line.cwd = "/home/user/project";
  line.source = text;
  std::istringstream words(text);
  for (std::string word; words >> word;) line.words.push_back({word, word, false, {}});
  line.environment.Set("HOME", {safe_docker::Variable::State::kKnown, "/home/user"});
  return line;
}

void ReadCommandLine(benchmark::State& state, const std::string& text) {
  const safe_docker::CommandLine line = MakeCommandLine(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(safe_docker::docker::ReadCommandLine(line));
  }
}

BENCHMARK_CAPTURE(ReadCommandLine, ps, std::string("docker ps -a"));
BENCHMARK_CAPTURE(ReadCommandLine, run, std::string("docker run --rm -v ./src:/app -w /app node:20 npm test"));
BENCHMARK_CAPTURE(ReadCommandLine, run_20_flags,
                  std::string("docker run -d --rm --name web -e A=b -e C=d -p 127.0.0.1:80:80 -p 443:443 -v ./src:/app "
                              "--mount type=bind,src=./conf,dst=/conf,readonly -w /app -u 1000 --network back "
                              "--memory 1g --cpus 2 --label a=b --restart always --init --read-only --tmpfs /tmp "
                              "--cap-drop ALL --security-opt no-new-privileges nginx:1.27"));
BENCHMARK_CAPTURE(ReadCommandLine, build, std::string("docker build -t app --build-arg A=b -f Dockerfile ."));
BENCHMARK_CAPTURE(ReadCommandLine, compose, std::string("docker compose -f compose.yaml up -d --build web"));

}  // namespace
