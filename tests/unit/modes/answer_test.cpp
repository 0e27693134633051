#include "modes/answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace safe_docker::modes {
namespace {

policy::Finding Make(policy::Decision decision, std::string message) {
  policy::Finding finding;
  finding.rule = "mounts/outside-home";
  finding.decision = decision;
  finding.message = std::move(message);
  finding.written = "-v /etc:/x";
  finding.advice = "Mount something else.";
  return finding;
}

std::string Reason(const policy::Verdict& verdict) {
  return nlohmann::json::parse(HookAnswer(verdict))["hookSpecificOutput"]["permissionDecisionReason"];
}

TEST(HookAnswer, IsSilentWhenThereIsNoObjection) {
  EXPECT_EQ(HookAnswer(policy::Merge({})), "");
  EXPECT_EQ(HookAnswer(policy::Merge({Make(policy::Decision::kAllow, "a note")})), "");
}

TEST(HookAnswer, IsOneObjectOfClaudeCodesShape) {
  const nlohmann::json answer = nlohmann::json::parse(HookAnswer(policy::Merge({Make(policy::Decision::kAsk, "m")})));
  EXPECT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer["hookSpecificOutput"]["hookEventName"], "PreToolUse");
  EXPECT_EQ(answer["hookSpecificOutput"]["permissionDecision"], "ask");
}

TEST(HookAnswer, PutsOneFindingOnOneLine) {
  EXPECT_EQ(Reason(policy::Merge({Make(policy::Decision::kDeny, "would mount /etc")})),
            "[safe-docker] Blocked: -v /etc:/x: would mount /etc (mounts/outside-home). Mount something else.");
}

TEST(HookAnswer, ListsSeveralFindings) {
  const std::string reason =
      Reason(policy::Merge({Make(policy::Decision::kDeny, "one"), Make(policy::Decision::kAsk, "two")}));
  EXPECT_EQ(reason.find("[safe-docker] Blocked:\n- -v /etc:/x: one"), 0U);
  EXPECT_NE(reason.find("\n- -v /etc:/x: two"), std::string::npos);
}

TEST(HookAnswer, StaysBelowTheLengthThatClaudeCodeCutsAt) {
  std::vector<policy::Finding> findings;
  for (int index = 0; index < 500; ++index) {
    findings.push_back(Make(policy::Decision::kDeny, "finding " + std::to_string(index) + std::string(100, 'x')));
  }
  const std::string reason = Reason(policy::Merge(std::move(findings)));
  EXPECT_LT(reason.size(), 10000U);
  EXPECT_NE(reason.find("more"), std::string::npos);
  EXPECT_LT(Reason(policy::Merge({Make(policy::Decision::kDeny, std::string(50000, 'y'))})).size(), 10000U);
}

TEST(Explain, NamesServiceFileAndLine) {
  policy::Finding finding = Make(policy::Decision::kDeny, "m");
  finding.service = "web";
  finding.file = "/home/user/project/compose.yaml";
  finding.line = 7;
  finding.written = "privileged: true";
  EXPECT_NE(Explain(policy::Merge({finding}), false)
                .find("service web, /home/user/project/compose.yaml:7, privileged: true: m"),
            std::string::npos);
}

TEST(Printable, LetsNothingReachTheTerminal) {
  EXPECT_EQ(Printable(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(Printable("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(Printable("a\nb"), "a b");
  EXPECT_EQ(Printable("\xc2\x9b"), "\\xc2\\x9b");  // a control sequence in one character
  EXPECT_EQ(Printable("\xe2\x80\xae"
                      "x"),
            "\\xe2\\x80\\xaex");  // right to left from here
  EXPECT_EQ(Printable("\xff"), "\\xff");
  EXPECT_EQ(Printable("caf\xc3\xa9 \xe6\x97\xa5"), "caf\xc3\xa9 \xe6\x97\xa5");
}

}  // namespace
}  // namespace safe_docker::modes
