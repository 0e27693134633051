// What is made of a finding by the configuration, row by row, as the configuration is written.
#include "policy/policy.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "policy/config.hpp"
#include "policy/project_file.hpp"
#include "policy/rules.hpp"
#include "sha256.hpp"

namespace safe_docker::policy {
namespace {

constexpr std::chrono::year_month_day kToday{std::chrono::year(2026), std::chrono::month(6), std::chrono::day(15)};

LoadedConfig Apply(std::string_view text, Author author = Author::kUser) {
  LoadedConfig loaded;
  loaded.config = DefaultConfig("/home/user");
  ApplyConfigText(text, "/c.toml", "/home/user", {}, &loaded, author);
  return loaded;
}

// A finding of a rule that denies, denies, and asks.
Finding Mount() {
  Finding finding;
  finding.rule = "mounts/outside-home";
  finding.tags = "files escape";
  finding.message = "m";
  finding.service = "web";
  finding.decision = Decision::kDeny;
  finding.profiles = {Decision::kDeny, Decision::kDeny, Decision::kAsk};
  finding.about = {1, "/srv/data/x", "docker.io/library/alpine:3@sha256:00", "rw"};
  return finding;
}

// "DECISION TREATMENT" of the finding.
std::string DecideBy(std::string_view text, const Finding& finding = Mount()) {
  const LoadedConfig loaded = Apply(text);
  if (loaded.has_errors()) {
    return Describe(loaded.problems[0]);
  }
  const Verdict verdict = Decide({finding}, loaded.config.policy, kToday);
  return std::string(Name(verdict.decision)) + " " + std::string(Name(verdict.findings.at(0).treatment));
}

std::string Excepting(std::string_view match, std::string_view rule = "mounts/outside-home") {
  return "[[exceptions]]\nrule = \"" + std::string(rule) + "\"\nreason = \"r\"\nmatch = {" + std::string(match) + "}\n";
}

TEST(Decide, FollowsTheConfiguration) {
  const struct {
    std::string text;
    std::string_view expected;
  } kRows[] = {
      {"", "deny enforced"},
      {"profile = \"strict\"", "deny enforced"},
      {"profile = \"permissive\"", "ask enforced"},
      // The line that names the rule most exactly counts; of two, the stronger.
      {"[decisions]\nall = \"allow\"", "allow passed"},
      {"[decisions]\nall = \"allow\"\n\"tag:files\" = \"ask\"", "ask enforced"},
      {"[decisions]\n\"tag:files\" = \"deny\"\n\"mounts/*\" = \"ask\"", "ask enforced"},
      {"[decisions]\n\"mounts/*\" = \"deny\"\n\"mounts/outside-home\" = \"ask\"", "ask enforced"},
      {"[decisions]\n\"tag:files\" = \"allow\"\n\"tag:escape\" = \"ask\"", "ask enforced"},
      {"[decisions]\n\"tag:file\" = \"allow\"\n\"flags/*\" = \"allow\"", "deny enforced"},
      {"[decisions]\n\"**\" = \"ask\"", "ask enforced"},
      {"[modes]\nwarn = \"all\"", "allow warned"},
      {"[modes]\naudit = \"tag:files\"", "allow audited"},
      {"[modes]\naudit = \"tag:files\"\nwarn = \"mounts/*\"", "allow warned"},
      {"[modes]\naudit = \"mounts/*\"\nenforce = \"mounts/outside-home\"", "deny enforced"},
      {"[modes]\naudit = \"mounts/*\"\nenforce = \"all\"", "allow audited"},
      {"[modes]\naudit = \"all\"\nwarn = \"all\"\nenforce = \"all\"", "deny enforced"},
      // Profiles that are only tried.
      {"[modes]\nwarn = \"strict\"\n[decisions]\nall = \"allow\"", "allow warned"},
      {"[modes]\naudit = \"strict\"\n[decisions]\nall = \"allow\"", "allow audited"},
      {"[modes]\nwarn = \"permissive\"", "deny enforced"},
      // Exceptions.
      {Excepting("path = \"/srv/data/**\""), "allow excused"},
      {Excepting("path = \"/srv/*/x\""), "allow excused"},
      {Excepting("path = \"/srv/data\""), "deny enforced"},
      {Excepting("path = \"/srv/*\""), "deny enforced"},
      {Excepting("path = \"/srv/dat\""), "deny enforced"},
      // The digest decides what runs: the tag beside it may be anything.
      {Excepting("image = \"alpine:3\""), "deny enforced"},
      {Excepting("image = \"alpine@sha256:00\""), "allow excused"},
      {Excepting("image = \"alpine\""), "allow excused"},
      {Excepting("service = \"we*\""), "allow excused"},
      {Excepting("service = \"db\""), "deny enforced"},
      {Excepting("value = [\"ro\", \"rw\"]"), "allow excused"},
      {Excepting("path = \"/srv/**\", service = \"db\""), "deny enforced"},
      {Excepting("path = \"/srv/**\"", "flags/*"), "deny enforced"},
      {Excepting("path = \"/srv/**\"", "tag:files"), "allow excused"},
      {Excepting("path = \"/srv/**\"") + "expires = 2026-06-15", "allow excused"},
      {Excepting("path = \"/srv/**\"") + "expires = 2026-06-14", "deny enforced"},
      {"[lists]\nplaces = [\"/srv/**\"]\n" + Excepting("path = \"@places\""), "allow excused"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(DecideBy(row.text), row.expected) << row.text;
  }
}

TEST(Decide, ExcusesNothingThatIsNotKnown) {
  for (const std::string_view match : {"path = \"/srv/**\"", "image = \"**\"", "value = \"**\""}) {
    Finding finding = Mount();
    finding.about = {1, std::string("/srv/\0", 6), std::string("a\0", 2), std::string("v\0", 2)};
    EXPECT_EQ(DecideBy(Excepting(match), finding), "deny enforced") << match;
    finding.about = {1, "", "", ""};
    EXPECT_EQ(DecideBy(Excepting(match), finding), "deny enforced") << match;
  }
}

TEST(Decide, FixedRulesAndNotesStayAsTheyAre) {
  for (const std::string_view text : {"[decisions]\nall = \"allow\"", "[modes]\naudit = \"host/*\"",
                                      "[[exceptions]]\nrule = \"all\"\nreason = \"r\""}) {
    for (const std::string_view rule : {kSelfProtection, kConfigError, kBadInput, kPluginFailed}) {
      EXPECT_TRUE(DecideBy(text, HostFinding(rule)).ends_with(" enforced")) << rule;
      EXPECT_NE(DecideBy(text, HostFinding(rule)), "allow enforced") << rule;
    }
  }
  Finding note = Mount();
  note.decision = Decision::kAllow;
  EXPECT_EQ(DecideBy("[decisions]\nall = \"deny\"", note), "allow enforced");
}

TEST(Decide, FollowsOnlyLinksThatCannotBeChanged) {
  char folder[] = "/tmp/linksXXXXXX";
  const std::string top = std::filesystem::canonical(mkdtemp(folder)).string();
  std::filesystem::create_directories(top + "/real");
  std::filesystem::create_directory_symlink(top + "/real", top + "/link");
  Finding finding = Mount();
  finding.about.path = top + "/real/x";
  const std::string text = Excepting("path = \"" + top + "/link/**\"");
  EXPECT_EQ(DecideBy(text, finding), "deny enforced");
  if (geteuid() == 0) {  // as somebody else, to whom the link is given
    chmod(top.c_str(), 0755);
    ASSERT_EQ(seteuid(65534), 0);
    EXPECT_EQ(DecideBy(text, finding), "allow excused");
    ASSERT_EQ(seteuid(0), 0);
  }
  std::filesystem::remove_all(top);
}

TEST(ApplyConfigText, SaysWhatIsWrongWithPolicy) {
  const struct {
    std::string text;
    std::string_view problem;
  } kRows[] = {
      {"profile = \"strct\"", "did you mean 'strict'?"},
      {"profile_version = 2", "knows the profiles of version 1"},
      {"[modes]\nwarn = \"network\"", "names no rules"},
      {"[modes]\nwarn = [\"@no\"]", "there is no list 'no'"},
      {"[decisions]\n\"flags/gpu\" = \"alow\"", "did you mean 'allow'?"},
      {"[decisions]\n\"host/self-protection\" = \"allow\"", "cannot be changed"},
      {"[[exceptions]]\nrule = \"flags/gpu\"", "has no reason"},
      {"[[exceptions]]\nrule = \"flags/gpu\"\nreason = \" \"", "has no reason"},
      {"[[exceptions]]\nreason = \"r\"", "names no rule"},
      {"[[exceptions]]\nrule = \"flags/gpu\"\nreason = \"r\"\nexpires = \"2026-02-30\"", "is no date"},
      {"[[exceptions]]\nrule = \"flags/gpu\"\nreason = \"r\"\nexpire = 2026-02-01", "did you mean 'expires'?"},
      {Excepting("pth = \"/x\""), "did you mean 'path'?"},
      {Excepting("path = \"data/**\""), "is relative"},
      {Excepting("path = \"/**\""), "would excuse every path"},
      {Excepting("path = \"/*/**\""), "would excuse every path"},
      {Excepting("path = \"//**\""), "would excuse every path"},
      {Excepting("path = []"), "an empty list"},
      {Excepting("image = \"@no\""), "there is no list 'no'"},
  };
  for (const auto& row : kRows) {
    const LoadedConfig loaded = Apply(row.text);
    ASSERT_FALSE(loaded.problems.empty()) << row.text;
    EXPECT_NE(Describe(loaded.problems[0]).find(row.problem), std::string::npos) << Describe(loaded.problems[0]);
  }
}

TEST(ProjectFile, AddsFloorsAndLoosensOnlyWhenTrusted) {
  constexpr std::string_view kText =
      "profile = \"strict\"\nallowed_paths = [\"/etc\"]\n[decisions]\n\"flags/gpu\" = \"allow\"\n"
      "[modes]\naudit = \"all\"\n[[exceptions]]\nrule = \"all\"\nreason = \"r\"\n";
  const Config untrusted = Apply(kText, Author::kProject).config;
  EXPECT_EQ(untrusted.policy.floor_profile, Profile::kStrict);
  EXPECT_TRUE(untrusted.allowed_paths.empty() && untrusted.policy.decisions.empty() && untrusted.policy.modes.empty() &&
              untrusted.policy.exceptions.empty());
  const Config trusted = Apply(kText, Author::kTrustedProject).config;
  EXPECT_TRUE(trusted.allowed_paths.size() == 1 && trusted.policy.decisions.size() == 1 &&
              trusted.policy.modes.size() == 1 && trusted.policy.exceptions.size() == 1);
}

TEST(ProjectFile, TakesNoTriedProfileAndNoListFromTheUser) {
  LoadedConfig loaded = Apply("[modes]\nwarn = \"strict\"\n[lists]\nmine = [\"a\"]\n");
  ApplyConfigText("[modes]\nwarn = \"permissive\"\n[lists]\nmine = [\"b\"]\nother = [\"c\"]\n", "/p.toml", "/home/user",
                  {}, &loaded, Author::kProject);
  EXPECT_EQ(loaded.config.policy.warn_profile, Profile::kStrict);
  EXPECT_EQ(loaded.lists.at("mine"), std::vector<std::string>{"a"});
  EXPECT_FALSE(loaded.lists.contains("other"));
}

TEST(ProjectFile, TrustIsForThisContentAtThisPath) {
  char folder[] = "/tmp/trustXXXXXX";
  const std::string home = std::filesystem::canonical(mkdtemp(folder)).string();
  const std::string variable = "HOME=" + home;
  const char* const variables[] = {variable.c_str(), nullptr};
  const Environment environment(variables);
  const std::string path = home + "/p/.safe-docker.toml";
  ASSERT_EQ(Trust(environment, path, Sha256Hex("x")), "");
  EXPECT_TRUE(IsTrusted(environment, path, Sha256Hex("x")));
  EXPECT_FALSE(IsTrusted(environment, path, Sha256Hex("y")));
  EXPECT_FALSE(IsTrusted(environment, home + "/q/.safe-docker.toml", Sha256Hex("x")));
  chmod(TrustRecordPath(environment, path).c_str(), 0620);
  EXPECT_FALSE(IsTrusted(environment, path, Sha256Hex("x")));
  EXPECT_TRUE(Distrust(environment, path));
  EXPECT_FALSE(Distrust(environment, path));
  std::filesystem::create_directories(home + "/p/q/r");
  std::ofstream(home + "/.safe-docker.toml") << "\n";
  EXPECT_EQ(FindProjectFile(home + "/p/q/r", home), "");
  std::ofstream(path) << "\n";
  EXPECT_EQ(FindProjectFile(home + "/p/q/r", home), path);
  EXPECT_EQ(FindProjectFile(home + "/p/../p/q", home), path);
  EXPECT_EQ(FindProjectFile("/", home), "");
  EXPECT_EQ(FindProjectFile(home + "/p", home + "/p"), "");
  std::filesystem::remove_all(home);
}

}  // namespace
}  // namespace safe_docker::policy
