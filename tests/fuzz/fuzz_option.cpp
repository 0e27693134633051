// The value of an option, in each form that docker's parser takes. One program for all options: called by its own name
// it tries the option that the input's first byte says, called by a name of the table that one alone. The table comes
// from CMakeLists.txt.
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

// Set once, before the first input: libFuzzer hands nothing on to them. Null: each input says it.
const Target* g_named = nullptr;

// The requests of the target's option with `words` for it.
std::vector<docker::Request> Read(const Target& target, std::initializer_list<std::string> words) {
  std::vector<Word> all = WordsOf(target.before);
  for (const std::string& word : words) {
    all.push_back(MakeWord(word));
  }
  for (Word& word : WordsOf(target.after)) {
    all.push_back(std::move(word));
  }
  return docker::ReadCommandLine(MakeCommandLine(std::move(all)));
}

void CheckShortForms(const Target& target, const std::string& value, const std::vector<docker::Request>& expected) {
  const std::string option = target.short_form;
  if (option == "-") {
    return;
  }
  RequireSameEffects(expected, Read(target, {option, value}), "-o VALUE means --option=VALUE");
  if (value.empty()) {
    return;
  }
  RequireSameEffects(expected, Read(target, {option + "=" + value}), "-o=VALUE means --option=VALUE");
  if (value[0] != '=') {
    RequireSameEffects(expected, Read(target, {option + value}), "-oVALUE means --option=VALUE");
  }
}

void Check(const Target& target, const std::string& value) {
  const std::vector<docker::Request> requests = Read(target, {std::string(target.option) + "=" + value});
  RequireSoundEffects(requests);
  if (!target.silent && !IsKnown(value)) {
    Require(ShowsUnknownPart(requests), "an unknown part of a value is seen");
  }
  RequireSameEffects(requests, Read(target, {target.option, value}), "--option VALUE means --option=VALUE");
  CheckShortForms(target, value, requests);
}

}  // namespace
}  // namespace safe_docker::fuzz

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** argv) {
  using safe_docker::fuzz::kTargets;
  const std::string_view path = **argv;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto* found = std::find_if(std::begin(kTargets), std::end(kTargets),
                                   [name](const safe_docker::fuzz::Target& target) { return target.name == name; });
  if (found != std::end(kTargets)) {
    safe_docker::fuzz::g_named = found;
  } else if (name != "fuzz_option") {
    std::fprintf(stderr, "there is no target called %.*s\n", static_cast<int>(name.size()), name.data());
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace safe_docker::fuzz;
  if (g_named != nullptr) {
    Check(*g_named, TextOf(data, size));
  } else if (size > 0) {
    Check(kTargets[data[0] % std::size(kTargets)], TextOf(data + 1, size - 1));
  }
  return 0;
}
