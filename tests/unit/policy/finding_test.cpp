#include "policy/finding.hpp"

#include <gtest/gtest.h>

namespace safe_docker::policy {
namespace {

Finding Make(std::string rule, Decision decision, std::string written = "") {
  Finding finding;
  finding.rule = std::move(rule);
  finding.decision = decision;
  finding.written = std::move(written);
  return finding;
}

TEST(Merge, AllowsWithoutFindings) { EXPECT_EQ(Merge({}).decision, Decision::kAllow); }

TEST(Merge, TakesTheStrongestAndPutsItFirst) {
  const Verdict verdict =
      Merge({Make("a/note", Decision::kAllow), Make("a/ask", Decision::kAsk), Make("a/deny", Decision::kDeny)});
  EXPECT_EQ(verdict.decision, Decision::kDeny);
  ASSERT_EQ(verdict.findings.size(), 3U);
  EXPECT_EQ(verdict.findings[0].rule, "a/deny");
  EXPECT_EQ(verdict.findings[2].rule, "a/note");
}

TEST(Merge, SaysNothingTwice) {
  EXPECT_EQ(Merge({Make("a/x", Decision::kAsk, "-v"), Make("a/x", Decision::kAsk, "-v")}).findings.size(), 1U);
  EXPECT_EQ(Merge({Make("a/x", Decision::kAsk, "-v"), Make("a/x", Decision::kAsk, "-w")}).findings.size(), 2U);
}

TEST(Name, IsTheWordOfTheProtocol) {
  EXPECT_EQ(Name(Decision::kAllow), "allow");
  EXPECT_EQ(Name(Decision::kAsk), "ask");
  EXPECT_EQ(Name(Decision::kDeny), "deny");
}

}  // namespace
}  // namespace safe_docker::policy
