// The value of one option, in each form that docker's parser takes. Built once an option: FUZZ_BEFORE, FUZZ_OPTION,
// FUZZ_SHORT, FUZZ_AFTER and FUZZ_SILENT come from CMakeLists.txt.
#include <initializer_list>

#include "command_lines.hpp"
#include "docker/requests.hpp"
#include "invariants.hpp"

namespace safe_docker::fuzz {
namespace {

// The requests of FUZZ_BEFORE, `words`, FUZZ_AFTER.
std::vector<docker::Request> Read(std::initializer_list<std::string> words) {
  std::vector<Word> all = WordsOf(FUZZ_BEFORE);
  for (const std::string& word : words) {
    all.push_back(MakeWord(word));
  }
  for (Word& word : WordsOf(FUZZ_AFTER)) {
    all.push_back(std::move(word));
  }
  return docker::ReadCommandLine(MakeCommandLine(std::move(all)));
}

void CheckShortForms(const std::string& value, const std::vector<docker::Request>& expected) {
  const std::string option = FUZZ_SHORT;
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
  const std::vector<docker::Request> requests = Read({std::string(FUZZ_OPTION) + "=" + value});
  RequireSoundEffects(requests);
  if (!FUZZ_SILENT && !IsKnown(value)) {
    Require(ShowsUnknownPart(requests), "an unknown part of a value is seen");
  }
  RequireSameEffects(requests, Read({FUZZ_OPTION, value}), "--option VALUE means --option=VALUE");
  CheckShortForms(value, requests);
}

}  // namespace
}  // namespace safe_docker::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  safe_docker::fuzz::Check(safe_docker::fuzz::TextOf(data, size));
  return 0;
}
