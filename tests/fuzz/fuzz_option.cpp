// The value of one option, in each form that docker's parser takes. One program for all options: the name that it is
// called by says which one is tried. The table comes from CMakeLists.txt.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

#include "command_lines.hpp"
#include "docker/requests.hpp"
#include "invariants.hpp"

namespace safe_docker::fuzz {
namespace {

struct Target {
  std::string_view name;
  const char* before;  // the words in front of the option
  const char* option;
  const char* short_form;  // "-": there is none
  const char* after;       // and those behind its value
  bool silent;             // a value that nobody knows may have no effect
};

constexpr Target kTargets[] = {
#include "fuzz_options.inc"
};

const Target* g_target = nullptr;  // set once, before the first input: libFuzzer hands nothing on to them

// The requests of the target's option with `words` for it.
std::vector<docker::Request> Read(std::initializer_list<std::string> words) {
  std::vector<Word> all = WordsOf(g_target->before);
  for (const std::string& word : words) {
    all.push_back(MakeWord(word));
  }
  for (Word& word : WordsOf(g_target->after)) {
    all.push_back(std::move(word));
  }
  return docker::ReadCommandLine(MakeCommandLine(std::move(all)));
}

void CheckShortForms(const std::string& value, const std::vector<docker::Request>& expected) {
  const std::string option = g_target->short_form;
  if (option == "-") {
    return;
  }
  RequireSameEffects(expected, Read({option, value}), "-o VALUE means --option=VALUE");
  if (value.empty()) {
    return;
  }
  RequireSameEffects(expected, Read({option + "=" + value}), "-o=VALUE means --option=VALUE");
  if (value[0] != '=') {
    RequireSameEffects(expected, Read({option + value}), "-oVALUE means --option=VALUE");
  }
}

void Check(const std::string& value) {
  const std::vector<docker::Request> requests = Read({std::string(g_target->option) + "=" + value});
  RequireSoundEffects(requests);
  if (!g_target->silent && !IsKnown(value)) {
    Require(ShowsUnknownPart(requests), "an unknown part of a value is seen");
  }
  RequireSameEffects(requests, Read({g_target->option, value}), "--option VALUE means --option=VALUE");
  CheckShortForms(value, requests);
}

}  // namespace
}  // namespace safe_docker::fuzz

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** argv) {
  using safe_docker::fuzz::kTargets;
  const std::string_view path = **argv;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto* found = std::find_if(std::begin(kTargets), std::end(kTargets),
                                   [name](const safe_docker::fuzz::Target& target) { return target.name == name; });
  if (found == std::end(kTargets)) {
    std::fprintf(stderr, "call it by the name of a target, not %.*s\n", static_cast<int>(name.size()), name.data());
    std::exit(2);
  }
  safe_docker::fuzz::g_target = found;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  safe_docker::fuzz::Check(safe_docker::fuzz::TextOf(data, size));
  return 0;
}
