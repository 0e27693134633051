// Shell text to what would run, in a folder with scripts, a Makefile and a package.json, as the hook asks for it: no
// crash, every place is in the text, what is reported can be judged, and nothing is written on the way.
#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "shell/analysis.hpp"

namespace {

using namespace safe_docker;

// Processor time, so that a busy machine finds nothing.
constexpr double kMostSeconds = 2.0;

void Require(bool holds, const char* rule, std::string_view text) {
  if (!holds) {
    std::fprintf(stderr, "broken: %s\n%.*s\n", rule, static_cast<int>(text.size()), text.data());
    std::abort();
  }
}

shell::Context MakeContext() {
  static constexpr const char* kEnvironment[] = {"HOME=" FUZZ_HOME, "PATH=/usr/local/bin:/usr/bin:/bin", "USER=dev",
                                                 nullptr};
  shell::Context context;
  context.cwd = FUZZ_HOME "/project";
  context.environment = Environment(kEnvironment);
  context.names = {"docker", "docker-compose", "podman", "nerdctl"};
  context.is_quiet_name = [](std::string_view name) { return name == "curl" || name == "nc" || name == "runc"; };
  context.prints_identifier = [](const std::vector<Word>& words) { return words.size() > 1 && words[1].text == "ps"; };
  return context;
}

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// When each file of the project was last changed, and how large it is.
std::string StateOfFiles() {
  std::string state;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(FUZZ_HOME)) {
    struct stat status = {};
    stat(entry.path().c_str(), &status);
    state += entry.path().string() + " " + std::to_string(status.st_mtim.tv_sec) + "." +
             std::to_string(status.st_mtim.tv_nsec) + " " + std::to_string(status.st_size) + "\n";
  }
  return state;
}

shell::Analysis AnalyzeWithinBounds(const std::string& text, const shell::Context& context) {
  static const std::string before = StateOfFiles();
  const double start = ProcessorSeconds();
  shell::Analysis analysis = shell::Analyze(text, context);
  Require(ProcessorSeconds() - start < kMostSeconds, "an answer comes soon", text);
  Require(StateOfFiles() == before, "an analysis changes no file", text);
  return analysis;
}

void RequireInText(const Span& span, const std::string& text) {
  Require(span.begin <= span.end && span.end <= text.size(), "a place is in the text", text);
}

void Check(const std::string& text) {
  static const shell::Context context = MakeContext();
  const shell::Analysis analysis = AnalyzeWithinBounds(text, context);
  for (const CommandLine& line : analysis.commands) {
    Require(!line.words.empty() && !line.words[0].text.empty(), "a command has a name", text);
    Require(!IsKnown(line.cwd) || line.cwd.starts_with('/'), "a working directory is absolute", text);
    for (const Word& word : line.words) {
      RequireInText(word.span, text);
    }
  }
  for (const shell::Opaque& opaque : analysis.opaque) {
    RequireInText(opaque.span, text);
    Require(!opaque.detail.empty(), "what is not understood has words for it", text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Check(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
