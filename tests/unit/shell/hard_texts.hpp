// Texts that are made to cost an analysis much time or memory: one of each construct whose work could grow faster than
// its text. The unit tests and the benchmark measure the same ones.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::shell {

struct HardText {
  std::string_view name;
  std::string text;
};

// Each about `bytes` long, or shorter where the construct ends earlier.
std::vector<HardText> HardTexts(std::size_t bytes);

// `piece` until `bytes` are reached.
std::string Repeated(std::string_view piece, std::size_t bytes);

}  // namespace safe_docker::shell
