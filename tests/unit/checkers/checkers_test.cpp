// The shipped checkers against their case files, and what no table can say.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "case_file.hpp"
#include "checker_harness.hpp"

namespace safe_docker::test {
namespace {

const char* Library(const std::string& name) {
  static const std::map<std::string, const char*, std::less<>> libraries = {
      {"mounts", MOUNTS_PLUGIN},   {"flags", FLAGS_PLUGIN}, {"images", IMAGES_PLUGIN},
      {"destroy", DESTROY_PLUGIN}, {"rules", RULES_PLUGIN}, {"rootless", ROOTLESS_PLUGIN}};
  return libraries.at(name);
}

std::string View(sdp_string text) { return {text.data, text.size}; }

std::vector<std::string> Wanted(const std::vector<Expected>& expected) {
  std::vector<std::string> lines;
  for (const Expected& finding : expected) {
    lines.push_back(std::to_string(finding.decision) + " " + finding.rule);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> Summary(const std::vector<Found>& found) {
  std::vector<Expected> findings;
  for (const Found& finding : found) {
    findings.push_back({finding.decision, finding.rule});
  }
  return Wanted(findings);
}

// What holds of every finding: its rule is described and has this decision, and both texts read as sentences.
void ExpectWellFormed(const Checker& checker, const Found& found) {
  bool is_described = false;
  for (const sdp_rule& rule : checker.rules()) {
    // What the user's own rules are not sure of is asked about.
    const bool fits = rule.standard == found.decision || (found.decision == SDP_ASK && rule.standard == SDP_DENY &&
                                                          View(checker.description().id) == "rules");
    is_described = is_described || (View(rule.id) == found.rule && fits);
  }
  EXPECT_TRUE(is_described) << found.rule;
  EXPECT_FALSE(found.message.empty());
  EXPECT_EQ(found.message.find('\0'), std::string::npos) << found.message;
  EXPECT_EQ(found.message.find("  "), std::string::npos) << found.message;
  EXPECT_EQ(found.message.find(" ,"), std::string::npos) << found.message;
  EXPECT_NE(found.message.back(), '.') << found.message;
  EXPECT_TRUE(found.advice.ends_with('.')) << found.advice;
  EXPECT_EQ(found.advice.find('\0'), std::string::npos) << found.advice;
}

// One rule with the row's condition.
std::string SettingsOf(const Case& row) {
  return R"({"rules": [{"id": "r", "message": "objects to {subject}", "advice": "Leave it out", "decision": ")" +
         row.decision + R"(", "when": )" + row.rule + "}]}";
}

class CheckerCases : public testing::TestWithParam<std::pair<std::string, Case>> {};

TEST_P(CheckerCases, FindWhatIsExpected) {
  const auto& [name, row] = GetParam();
  Checker checker(Library(name), row.settings, row.files, name == "rules" ? SettingsOf(row) : "{}");
  const std::vector<Found> found = checker.Check(row.request);
  EXPECT_EQ(Summary(found), Wanted(row.expected)) << row.text;
  bool says_it = row.message.empty();
  for (const Found& finding : found) {
    ExpectWellFormed(checker, finding);
    says_it = says_it || finding.message.find(row.message) != std::string::npos;
  }
  EXPECT_TRUE(says_it) << row.text << "\n  " << (found.empty() ? "" : found[0].message);
}

std::vector<std::pair<std::string, Case>> CasesOf(const std::string& name) {
  std::vector<std::pair<std::string, Case>> cases;
  for (Case& row : ReadCases(name)) {
    cases.emplace_back(name, std::move(row));
  }
  return cases;
}

std::string CaseName(const testing::TestParamInfo<std::pair<std::string, Case>>& info) {
  return "line_" + std::to_string(info.param.second.line);
}

INSTANTIATE_TEST_SUITE_P(Mounts, CheckerCases, testing::ValuesIn(CasesOf("mounts")), CaseName);
INSTANTIATE_TEST_SUITE_P(Flags, CheckerCases, testing::ValuesIn(CasesOf("flags")), CaseName);
INSTANTIATE_TEST_SUITE_P(Images, CheckerCases, testing::ValuesIn(CasesOf("images")), CaseName);
INSTANTIATE_TEST_SUITE_P(Destroy, CheckerCases, testing::ValuesIn(CasesOf("destroy")), CaseName);
INSTANTIATE_TEST_SUITE_P(Rules, CheckerCases, testing::ValuesIn(CasesOf("rules")), CaseName);
INSTANTIATE_TEST_SUITE_P(Rootless, CheckerCases, testing::ValuesIn(CasesOf("rootless")), CaseName);

TEST(CheckerTest, DescribesItself) {
  for (const std::string name : {"mounts", "flags", "images", "destroy", "rootless"}) {
    const Checker checker(Library(name), {}, {});
    EXPECT_EQ(View(checker.description().id), name);
    EXPECT_EQ(checker.description().flags, name == "rootless" ? std::uint32_t{SDP_PLUGIN_ADVISES} : 0U);
    std::set<std::string> ids;
    for (const sdp_rule& rule : checker.rules()) {
      const std::string id = View(rule.id);
      EXPECT_TRUE(ids.insert(id).second) << id;
      EXPECT_GE(rule.strict, rule.standard) << id;
      EXPECT_GE(rule.standard, rule.permissive) << id;
      EXPECT_FALSE(View(rule.title).empty()) << id;
      EXPECT_FALSE(View(rule.why).empty()) << id;
    }
    EXPECT_FALSE(ids.empty());
  }
}

TestEffect Mount(const std::string& path) {
  TestEffect effect;
  effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  effect.subject = path;
  effect.resolved = path;
  return effect;
}

TEST(MountsTest, LearnsTheHomeOfEachRequest) {
  Checker checker(Library("mounts"), {{"sensitive_paths", {".ssh"}}}, {});
  TestRequest request;
  request.effects = {Mount("/home/user/.ssh")};
  EXPECT_EQ(Summary(checker.Check(request)), Wanted({{SDP_ASK, "sensitive-path"}}));
  request.home = "/home/other";
  EXPECT_EQ(Summary(checker.Check(request)), Wanted({{SDP_DENY, "outside-home"}}));
  request.home = "";
  EXPECT_EQ(Summary(checker.Check(request)), Wanted({{SDP_DENY, "outside-home"}}));
  request.home = "/home/user";
  EXPECT_EQ(Summary(checker.Check(request)), Wanted({{SDP_ASK, "sensitive-path"}}));
}

TEST(MountsTest, JudgesEveryEffect) {
  Checker checker(Library("mounts"), {}, {});
  TestRequest request;
  request.effects = {Mount("/etc"), Mount("/home/user/project"), Mount("/srv")};
  request.effects[0].has_evidence = false;
  EXPECT_EQ(Summary(checker.Check(request)), Wanted({{SDP_DENY, "outside-home"}, {SDP_DENY, "outside-home"}}));
}

TEST(FlagsTest, ReportsAnOptionOnceWithItsOwnWords) {
  Checker checker(Library("flags"), {{"blocked_flags", {"--restart"}}}, {});
  TestRequest request;
  request.options = {{"restart", "always"}, {"restart", "no"}};
  const std::vector<Found> found = checker.Check(request);
  ASSERT_EQ(Summary(found), Wanted({{SDP_DENY, "blocked-flag"}}));
  EXPECT_EQ(found[0].written, "--restart=always");
}

TEST(FlagsTest, JudgesOptionsBesideEffectsOfTheSameName) {
  Checker checker(Library("flags"), {{"blocked_flags", {"--volume=secrets:/x"}}}, {});
  TestRequest request;
  request.effects = {Mount("/home/user")};
  request.options = {{"volume", "/home/user:/y"}, {"volume", "secrets:/x"}};
  EXPECT_EQ(Summary(checker.Check(request)), Wanted({{SDP_DENY, "blocked-flag"}}));
}

TEST(ImagesTest, TakesNoLongTimeForHostilePatternsAndNames) {
  Checker checker(Library("images"), {{"allowed_images", {"**a*a**a*a**a*a**b", "**a*a*a*b"}}}, {});
  TestRequest request;
  TestEffect image;
  image.kind = SDP_EFFECT_USE_IMAGE;
  image.name = "run";
  for (const std::size_t length : {900U, 1000000U}) {
    image.subject = "docker.io/" + std::string(length, 'a');
    request.effects = {image};
    EXPECT_EQ(Summary(checker.Check(request)), Wanted({{SDP_DENY, "not-allowed"}}));
  }
}

TestEffect Destruction(const std::string& name, const std::string& kind, const std::string& options) {
  TestEffect effect;
  effect.kind = SDP_EFFECT_DESTROY;
  effect.subject = name;
  effect.name = kind;
  effect.options = options;
  effect.written = name;
  return effect;
}

TEST(DestroyTest, NamesOneAndShowsTheRequestForSeveral) {
  Checker checker(Library("destroy"), {}, {});
  TestRequest request;
  request.effects = {Destruction("a", "volume", "data"), Destruction("web", "container", "")};
  EXPECT_EQ(checker.Check(request).at(0).written, "a");
  request.effects.push_back(Destruction("b", "volume", "data"));
  ASSERT_EQ(checker.Check(request).size(), 1U);
  EXPECT_EQ(checker.Check(request)[0].written, "");
}

TEST(DestroyTest, CountsWhatIsTooMuchToName) {
  Checker checker(Library("destroy"), {}, {});
  TestRequest request;
  for (int number = 0; number < 20000; ++number) {
    request.effects.push_back(Destruction("v" + std::to_string(number), "volume", "data"));
    request.effects.push_back(Destruction("i" + std::to_string(number), "image", "force"));
  }
  const std::vector<Found> found = checker.Check(request);
  ASSERT_EQ(Summary(found), Wanted({{SDP_ASK, "data"}, {SDP_ASK, "object"}}));
  EXPECT_NE(found[0].message.find("v48, v49 and 19950 more, whose"), std::string::npos) << found[0].message;
  EXPECT_EQ(found[0].message.find("v50"), std::string::npos);
}

TEST(DestroyTest, TakesNoProjectFromNamesAndFilesThatAreTooLarge) {
  TestFiles files;
  files.contents["/home/user/project/.env"] = std::string(2 << 20, '\n') + "COMPOSE_PROJECT_NAME=shop\n";
  Checker checker(Library("destroy"), {}, files);
  TestRequest request;
  request.effects = {Destruction("shop-web", "image", ""), Destruction("project-web", "image", "")};
  const std::string message = checker.Check(request).at(0).message;
  EXPECT_NE(message.find("shop-web and project-web"), std::string::npos) << message;
  request.cwd = "/home/user/" + std::string(300, 'x');
  request.effects = {Destruction(std::string(300, 'x') + "-web", "image", "")};
  EXPECT_EQ(Summary(checker.Check(request)), Wanted({{SDP_ASK, "object"}}));
}

TEST(RootlessTest, SaysOneThingARequest) {
  Checker checker(Library("rootless"), {}, {});
  TestRequest request;
  TestEffect engine;
  engine.kind = SDP_EFFECT_USE_ENGINE;
  engine.subject = "unix:///var/run/docker.sock";
  engine.name = "default";
  request.effects = {engine, engine};
  EXPECT_EQ(checker.Check(request).size(), 1U);
}

}  // namespace
}  // namespace safe_docker::test
