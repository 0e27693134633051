#include "policy/config.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace safe_docker::policy {
namespace {

std::vector<std::string_view> FlagNames() { return {"gpus", "network", "privileged"}; }

LoadedConfig Apply(std::string_view text) {
  LoadedConfig loaded;
  loaded.config = DefaultConfig("/home/user");
  ReadingOptions options;
  options.thorough = true;
  options.flag_names = &FlagNames;
  ApplyConfigText(text, "/home/user/config.toml", "/home/user", options, &loaded);
  return loaded;
}

std::string FirstProblem(std::string_view text) {
  const LoadedConfig loaded = Apply(text);
  return loaded.problems.empty() ? "" : Describe(loaded.problems[0]);
}

TEST(ApplyConfigText, ReadsEveryKey) {
  const LoadedConfig loaded = Apply(R"(
allowed_paths = ["/etc", "~/x", "$HOME/y/../z"]
sensitive_paths = [".ssh"]
blocked_flags = ["--gpus"]
blocked_capabilities = ["cap_sys_admin"]
allowed_images = ["ghcr.io/me/**"]
block_docker_socket = false
deadline_ms = 500
[audit]
enabled = true
format = "both"
jsonl_path = "~/a.jsonl"
otlp_path = "/o.jsonl"
[wrapper]
docker_path = "/usr/bin/docker"
non_interactive_ask = "allow"
[plugins.images]
enabled = false
[plugins.mine]
path = "~/mine.so"
settings = {registry = "r", n = 3, on = true, list = ["a"]}
)");
  const Config& config = loaded.config;
  EXPECT_EQ(config.allowed_paths, (std::vector<std::string>{"/etc", "/home/user/x", "/home/user/z"}));
  EXPECT_EQ(config.sensitive_paths, std::vector<std::string>{".ssh"});
  EXPECT_EQ(config.blocked_flags, std::vector<std::string>{"--gpus"});
  EXPECT_EQ(config.blocked_capabilities, std::vector<std::string>{"SYS_ADMIN"});
  EXPECT_EQ(config.allowed_images, std::vector<std::string>{"ghcr.io/me/**"});
  EXPECT_FALSE(config.block_docker_socket);
  EXPECT_EQ(config.deadline.count(), 500);
  EXPECT_TRUE(config.audit.enabled);
  EXPECT_EQ(config.audit.format, AuditFormat::kBoth);
  EXPECT_EQ(config.audit.jsonl_path, "/home/user/a.jsonl");
  EXPECT_EQ(config.audit.otlp_path, "/o.jsonl");
  EXPECT_EQ(config.wrapper.docker_path, "/usr/bin/docker");
  EXPECT_TRUE(config.wrapper.allow_asks_without_terminal);
  ASSERT_EQ(config.plugins.size(), 2U);
  EXPECT_FALSE(config.plugins[0].enabled);
  EXPECT_EQ(config.plugins[1].path, "/home/user/mine.so");
  EXPECT_EQ(config.plugins[1].settings.dump(), R"({"list":["a"],"n":3,"on":true,"registry":"r"})");
  EXPECT_FALSE(loaded.has_errors());
}

TEST(ApplyConfigText, NamesPlaceKeyAndTheNearestKnownKey) {
  EXPECT_EQ(FirstProblem("x = 1\n\nalowed_paths = []\n"),
            "/home/user/config.toml:3:16: error: alowed_paths: unknown key, did you mean 'allowed_paths'?");
}

TEST(ApplyConfigText, ChecksWhatValuesMean) {
  const struct {
    std::string_view text, problem;
  } kCases[] = {
      {"allowed_paths = [\"data\"]", "is relative"},
      {"allowed_paths = [\"/nowhere/at/all\"]", "does not exist"},
      {"allowed_paths = [\"/etc\", \"/etc/\"]", "stands here twice"},
      {"allowed_paths = \"/etc\"", "expected a list, found a string"},
      {"allowed_paths = [1]", "expected a string, found an integer"},
      {"sensitive_paths = [\"/etc\"]", "must be relative to your home"},
      {"sensitive_paths = [\"~/.ssh\"]", "must be relative to your home"},
      {"blocked_capabilities = [\"SYS_ADMN\"]", "did you mean SYS_ADMIN?"},
      {"blocked_flags = [\"-v\"]", "is no long flag"},
      {"blocked_flags = [\"--privilaged\"]", "docker has no flag --privilaged, did you mean 'privileged'?"},
      {"blocked_flags = [\"--netwrk=host\"]", "did you mean 'network'?"},
      {"sensitive_paths = [\"..\"]", "names no path below your home"},
      {"sensitive_paths = [\"../.ssh\"]", "names no path below your home"},
      {"sensitive_paths = [\".\"]", "names no path below your home"},
      {"deadline_ms = 60000", "must lie between"},
      {"allowed_images = [\"a b\"]", "is no image pattern"},
      {"block_docker_socket = \"yes\"", "expected true or false, found a string"},
      {"deadline_ms = 1", "must lie between"},
      {"[audit]\nformat = \"json\"", "did you mean jsonl?"},
      {"[audit]\nenable = true", "did you mean 'audit.enabled'?"},
      {"[wrapper]\nnon_interactive_ask = \"ask\"", "neither deny nor allow"},
      {"[wrapper]\ndocker_path = \"docker\"", "is relative"},
      {"[plugins.x]\npth = \"/x.so\"", "did you mean 'path'?"},
      {"[plugins.x]\npath = 1", "path is a string"},
      {"[plugins]\nx = 1", "expected a table"},
      {"[plugins.X]\npath = \"/x.so\"", "lower-case letters"},
      {"audit = 1", "unknown key"},
      {"a = [", "error"},
  };
  for (const auto& [text, problem] : kCases) {
    EXPECT_NE(FirstProblem(text).find(problem), std::string::npos) << text << "\n" << FirstProblem(text);
  }
}

TEST(ApplyConfigText, KeepsDefaultsWhereTheFileCannotBeRead) {
  const LoadedConfig loaded = Apply("allowed_paths = [\"/etc\"]\nbroken = \n");
  EXPECT_TRUE(loaded.has_errors());
  EXPECT_TRUE(loaded.config.allowed_paths.empty());
  EXPECT_EQ(loaded.config.blocked_flags.size(), 3U);
}

TEST(ApplyConfigText, TakesOnlyWarningsLightly) {
  EXPECT_FALSE(Apply("allowed_paths = [\"/nowhere/at/all\"]").has_errors());
  EXPECT_TRUE(Apply("allowed_paths = [\"relative\"]").has_errors());
}

TEST(ApplyConfigText, LooksPastCommentsAloneAndPastNothingElse) {
  for (const std::string_view text : {"", "# all is commented out\n\n  \t# profile = 1\n \n", "# no newline", " "}) {
    EXPECT_EQ(FirstProblem(text), "") << text;
  }
  constexpr std::string_view kTexts[] = {
      "# a comment\nkey = 1\n", "# a comment\n  key = 1", "#\rkey = 1\n", "# a comment\n[\n", "\f# no comment\n",
  };
  for (const std::string_view text : kTexts) {
    EXPECT_NE(FirstProblem(text), "") << text;
  }
}

class LoadConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "config-XXXXXX";
    home_ = mkdtemp(pattern.data());
    environment_.Set("HOME", {Variable::State::kKnown, home_});
  }
  void TearDown() override { std::filesystem::remove_all(home_); }
  void Write(const std::string& path, std::string_view text) {
    std::filesystem::create_directories(std::filesystem::path(home_ + "/" + path).parent_path());
    std::ofstream(home_ + "/" + path) << text;
  }
  std::string home_;
  Environment environment_;
};

TEST_F(LoadConfigTest, FindsTheFileWhereItMayBe) {
  EXPECT_TRUE(LoadConfig(environment_, "", {}).files.empty());
  Write(".config/safe-docker/config.toml", "deadline_ms = 100");
  EXPECT_EQ(LoadConfig(environment_, "", {}).config.deadline.count(), 100);
  Write("xdg/safe-docker/config.toml", "deadline_ms = 200");
  environment_.Set("XDG_CONFIG_HOME", {Variable::State::kKnown, home_ + "/xdg"});
  EXPECT_EQ(LoadConfig(environment_, "", {}).config.deadline.count(), 200);
  Write("named.toml", "deadline_ms = 300");
  environment_.Set("SAFE_DOCKER_CONFIG", {Variable::State::kKnown, home_ + "/named.toml"});
  EXPECT_EQ(LoadConfig(environment_, "", {}).config.deadline.count(), 300);
  Write("explicit.toml", "deadline_ms = 400");
  EXPECT_EQ(LoadConfig(environment_, home_ + "/explicit.toml", {}).config.deadline.count(), 400);
}

TEST_F(LoadConfigTest, DoesNotOverlookANamedFileThatIsMissing) {
  EXPECT_TRUE(LoadConfig(environment_, home_ + "/none.toml", {}).has_errors());
}

TEST_F(LoadConfigTest, DoesNotSilentlyObeyAFileThatAnybodyMayWrite) {
  Write(".config/safe-docker/config.toml", "");
  chmod((home_ + "/.config/safe-docker/config.toml").c_str(), 0666);
  EXPECT_TRUE(LoadConfig(environment_, "", {}).has_errors());
}

TEST_F(LoadConfigTest, DoesNotSilentlyObeyAFileOfAnotherUser) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can give a file to another user";
  }
  Write(".config/safe-docker/config.toml", "");
  ASSERT_EQ(chown((home_ + "/.config/safe-docker/config.toml").c_str(), 1234, 1234), 0);
  EXPECT_TRUE(LoadConfig(environment_, "", {}).has_errors());
}

TEST_F(LoadConfigTest, LetsNoProjectConfigureItsJudge) {
  environment_.Set("SAFE_DOCKER_CONFIG", {Variable::State::kKnown, "config.toml"});
  EXPECT_TRUE(LoadConfig(environment_, "", {}).has_errors());
  environment_.Set("SAFE_DOCKER_CONFIG", {});
  environment_.Set("XDG_CONFIG_HOME", {Variable::State::kKnown, "."});
  Write(".config/safe-docker/config.toml", "deadline_ms = 100");
  EXPECT_EQ(LoadConfig(environment_, "", {}).config.deadline.count(), 100);
}

}  // namespace
}  // namespace safe_docker::policy
