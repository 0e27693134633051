// The time that an analysis takes grows as the text does, whatever the text. Held against itself, so that neither a
// slow machine nor a sanitizer matters.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include "hard_texts.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kShort = 16 * 1024;
constexpr std::size_t kFactor = 8;
constexpr double kMostGrowth = 20;      // a text whose work grows with its square takes 64 times as long
constexpr double kLeastSeconds = 0.04;  // below, the clock and the bounds that do not depend on the text count for more

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double SecondsFor(const HardText& hard) {
  const Context context{"/usr", Environment(), {"docker"}};
  const double start = ProcessorSeconds();
  Analyze(hard.text, context);
  return ProcessorSeconds() - start;
}

class HardTextTest : public testing::TestWithParam<std::size_t> {};

TEST_P(HardTextTest, TakesTimeAsItIsLong) {
  static const std::vector<HardText> short_texts = HardTexts(kShort);
  static const std::vector<HardText> long_texts = HardTexts(kShort * kFactor);
  const double on_short = std::max(SecondsFor(short_texts[GetParam()]), kLeastSeconds);
  EXPECT_LT(SecondsFor(long_texts[GetParam()]), kMostGrowth * on_short);
}

INSTANTIATE_TEST_SUITE_P(Shapes, HardTextTest, testing::Range(std::size_t{0}, HardTexts(0).size()),
                         [](const auto& tested) { return std::string(HardTexts(0)[tested.param].name); });

}  // namespace
}  // namespace safe_docker::shell
