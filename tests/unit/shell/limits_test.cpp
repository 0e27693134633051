// Huge and deep texts are answered soon, and never crash.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "shell/analysis.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kSize = 256 * 1024;
constexpr std::chrono::seconds kBound(10);  // far above what it takes, also with sanitizers

Analysis AnalyzeWithinBound(const std::string& text) {
  const Context context{"/", Environment(), {"docker"}};
  const auto start = std::chrono::steady_clock::now();
  Analysis analysis = Analyze(text, context);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kBound) << text.substr(0, 40);
  return analysis;
}

class RepeatedTextTest : public testing::TestWithParam<const char*> {};

TEST_P(RepeatedTextTest, IsAnsweredInTime) {
  std::string text;
  while (text.size() < kSize) {
    text += GetParam();
  }
  AnalyzeWithinBound(text);
}

INSTANTIATE_TEST_SUITE_P(Shapes, RepeatedTextTest,
                         testing::Values("(", "((", "$(", "$((", "${", "${x:-", "${x#", "$[", "<(", "`", "\"", "'",
                                         "\"\"", "\"$(", "\\", "\\\n", "{a,b}", "{a,b} ", "{", "{{{,", "{1..500}", "[",
                                         "a[", "[[ ", "x=(", "*", "~:", "a=~:", "!", "! ", "cat <<E\nx\nE\n",
                                         "cat <<E ", "<<E\n", "a;", "a|", "a&&", "X=1;", "X=$X$X;", "$X", "if a;then ",
                                         "{ ", "f(){ ", "case x in a) ", "for i in a b;do ", "while a;do ", "coproc ",
                                         "time ", "@(", "eval eval ", "sudo ", "env ", "sh -c \"", "alias a=b;",
                                         "trap a b;", "docker ps;", "docker ps $(", "if a;then b;elif c;then ",
                                         "a=$(b)", "\xc3\xa9", "))", "$(<"));

TEST(LimitsTest, DeepNestingThatMentionsANameIsReported) {
  std::string text = "docker ps ";
  for (int i = 0; i < 5000; ++i) {
    text += "$(";
  }
  const Analysis analysis = AnalyzeWithinBound(text);
  ASSERT_EQ(analysis.opaque.size(), 1U);
  EXPECT_EQ(analysis.opaque[0].reason, Opaque::Reason::kTooMuch);
  EXPECT_TRUE(analysis.opaque[0].mentions_name);
}

TEST(LimitsTest, HundredNestedSubstitutionsAreFollowed) {
  std::string text = "docker ps";
  for (int i = 0; i < 100; ++i) {
    text = "echo $(" + text + ")";
  }
  EXPECT_EQ(AnalyzeWithinBound(text).commands.size(), 1U);
}

TEST(LimitsTest, FunctionsThatMultiplyAreBounded) {
  std::string text = "f0() { docker ps; };";
  for (int i = 1; i < 11; ++i) {
    const std::string inner = "f" + std::to_string(i - 1) + "; ";
    text += "f" + std::to_string(i) + "() { " + inner + inner + inner + inner + inner + "};";
  }
  const Analysis analysis = AnalyzeWithinBound(text + "f10");
  EXPECT_EQ(analysis.commands.size(), 1U);
  EXPECT_FALSE(analysis.opaque.empty());
}

TEST(LimitsTest, RunnersAndEvalsInOneAnotherAreBounded) {
  std::string text = "docker ps";
  for (int i = 0; i < 2000; ++i) {
    text = (i % 2 == 0 ? "eval " : "command ") + text;
  }
  EXPECT_FALSE(AnalyzeWithinBound(text).opaque.empty());
}

// Found by fuzzing: numbers that no integer holds.
TEST(LimitsTest, HugeDescriptorsAreTakenForNone) {
  EXPECT_EQ(AnalyzeWithinBound("docker ps <&99999999999999999999 3>&12345678901234567890-").commands.size(), 1U);
  EXPECT_EQ(AnalyzeWithinBound("exec 2147483647>f; exec {x}>g; docker ps >&$x").commands.size(), 1U);
}

// Found by fuzzing: what bash refuses only when it gets there leaves no half a command in the tree.
TEST(LimitsTest, BrokenCodeInBackquotesIsReported) {
  for (const char* code :
       {"<;", "case;", "case x in", "for|= i in 2; do a; done", "if a; then", "f() {", "[[ a", "a=("}) {
    const Analysis analysis = AnalyzeWithinBound("docker ps `" + std::string(code) + " docker run`");
    EXPECT_EQ(analysis.commands.size(), 1U) << code;
    EXPECT_FALSE(analysis.opaque.empty()) << code;
  }
}

}  // namespace
}  // namespace safe_docker::shell
