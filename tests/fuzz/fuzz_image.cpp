// Image references: the image of run, with and without "--" in front, and of pull.
#include <algorithm>

#include "command_lines.hpp"
#include "docker/requests.hpp"
#include "invariants.hpp"

namespace safe_docker::fuzz {
namespace {

std::vector<docker::Request> Read(std::string_view before, const std::string& image) {
  std::vector<Word> words = WordsOf(before);
  words.push_back(MakeWord(image));
  return docker::ReadCommandLine(MakeCommandLine(std::move(words)));
}

void Check(const std::string& image) {
  const std::vector<docker::Request> requests = Read("docker run --", image);
  RequireSoundEffects(requests);
  const std::vector<docker::Effect>& effects = requests.at(0).effects;
  Require(std::any_of(effects.begin(), effects.end(),
                      [](const docker::Effect& effect) { return effect.kind == SDP_EFFECT_USE_IMAGE; }),
          "run has an image");
  Require(IsKnown(image) || ShowsUnknownPart(requests), "an unknown part of an image is seen");
  RequireSoundEffects(Read("docker pull", image));
  if (IsKnown(image) && !image.starts_with('-')) {
    RequireSameEffects(requests, Read("docker run", image), "run IMAGE means run -- IMAGE");
  }
}

}  // namespace
}  // namespace safe_docker::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  safe_docker::fuzz::Check(safe_docker::fuzz::TextOf(data, size));
  return 0;
}
