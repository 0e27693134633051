#include "agents/claude_settings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace safe_docker::agents {
namespace {

class ClaudeSettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "settingsXXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }
  ClaudeSettings Read(const std::string& text) const {
    return ReadClaudeSettingsFile(Write("settings.json", text), Scope::kUser);
  }
  std::string Problem(const std::string& text) const {
    const ClaudeSettings settings = Read(text);
    return settings.problems.size() == 1 ? Describe(settings.problems[0]).substr(folder_.string().size() + 1)
                                         : std::to_string(settings.problems.size()) + " problems";
  }

  std::filesystem::path folder_;
};

TEST_F(ClaudeSettingsTest, GivesEachHandlerWithItsPlace) {
  const ClaudeSettings settings = Read(R"json({
  "model": "x",
  "hooks": {
    "PostToolUse": [{"hooks": [{"type": "command", "command": "other"}]}],
    "PreToolUse": [
      {
        "matcher": "Bash",
        "hooks": [
          { "type": "command", "command": "/usr/bin/safe-docker", "args": ["hook"], "timeout": 10,
            "onFailure": "block" },
          { "type": "command", "command": "audit.sh", "if": "Bash(docker *)", "async": true }
        ]
},
      { "hooks": [{"type": "http", "url": "http://localhost"}] }
    ]
}
})json");
  ASSERT_TRUE(settings.problems.empty()) << Describe(settings.problems[0]);
  ASSERT_EQ(settings.handlers.size(), 3U);
  const HookHandler& first = settings.handlers[0];
  EXPECT_EQ(first.line, 9U);
  EXPECT_EQ(first.matcher, "Bash");
  EXPECT_EQ(first.command, "/usr/bin/safe-docker");
  EXPECT_TRUE(first.has_args);
  EXPECT_EQ(first.args, std::vector<std::string>{"hook"});
  EXPECT_EQ(first.timeout, 10);
  EXPECT_EQ(first.on_failure, "block");
  EXPECT_TRUE(RunsSafeDocker(first));
  const HookHandler& second = settings.handlers[1];
  EXPECT_EQ(second.line, 11U);
  EXPECT_EQ(second.condition, "Bash(docker *)");
  EXPECT_TRUE(second.is_async);
  EXPECT_FALSE(second.has_args);
  EXPECT_FALSE(RunsSafeDocker(second));
  EXPECT_EQ(settings.handlers[2].type, "http");
  EXPECT_EQ(settings.handlers[2].matcher, "");
}

TEST_F(ClaudeSettingsTest, ReadsSwitches) {
  const ClaudeSettings settings = Read("{\n\"disableAllHooks\": true,\n\"allowManagedHooksOnly\": true}");
  EXPECT_TRUE(settings.disables_all_hooks);
  EXPECT_EQ(settings.disables_line, 2U);
  EXPECT_TRUE(settings.allows_managed_hooks_only);
  EXPECT_EQ(settings.allows_line, 3U);
}

TEST_F(ClaudeSettingsTest, NamesWhatIsWrongByLine) {
  EXPECT_EQ(Problem("[]"), "settings.json:1: expected an object");
  EXPECT_EQ(Problem("{\n\"hooks\": []}"), "settings.json:2: hooks: expected an object, found array");
  EXPECT_EQ(Problem("{\"hooks\": {\n\"PreToolUse\":\n{}}}"),
            "settings.json:3: PreToolUse: expected a list, found object");
  EXPECT_EQ(Problem("{\"hooks\": {\"PreToolUse\": [\n7]}}"),
            "settings.json:2: PreToolUse: expected objects, found number");
  EXPECT_EQ(Problem("{\"hooks\": {\"PreToolUse\": [{\"hooks\": [{\n\"timeout\": \"10\"}]}]}}"),
            "settings.json:2: timeout: expected a number of seconds, found string");
  EXPECT_EQ(Problem("{\n\n\"hooks\": {,}}").substr(0, 39), "settings.json:3: is not JSON: syntax er");
  EXPECT_EQ(Problem("").substr(0, 29), "settings.json:1: is not JSON:");
  EXPECT_EQ(Problem(std::string(100000, '[')), "settings.json:1: is not JSON: nested more than 100 deep");
}

TEST_F(ClaudeSettingsTest, ReadsCommentsAndSaysSo) {
  const ClaudeSettings settings =
      Read("{ // mine\n/* of\nseveral lines */\n\"hooks\": {\"PreToolUse\": [\n{\"hooks\": [\n{}]}]}}");
  ASSERT_EQ(settings.problems.size(), 1U);
  EXPECT_FALSE(settings.has_errors());
  ASSERT_EQ(settings.handlers.size(), 1U);
  EXPECT_EQ(settings.handlers[0].line, 6U);
}

TEST_F(ClaudeSettingsTest, TakesTheLastOfTwoKeys) {
  const ClaudeSettings settings = Read("{\"disableAllHooks\": true,\n\"disableAllHooks\": false}");
  EXPECT_FALSE(settings.disables_all_hooks);
  EXPECT_EQ(settings.disables_line, 2U);
}

TEST_F(ClaudeSettingsTest, RefusesWhatIsNoFile) {
  std::filesystem::create_directory(folder_ / "settings.json");
  const ClaudeSettings settings = ReadClaudeSettingsFile(folder_ / "settings.json", Scope::kUser);
  EXPECT_TRUE(settings.exists);
  EXPECT_TRUE(settings.has_errors());
  EXPECT_FALSE(ReadClaudeSettingsFile(folder_ / "other.json", Scope::kUser).exists);
}

TEST_F(ClaudeSettingsTest, FindsTheFilesThatCount) {
  Write("managed/managed-settings.d/20-b.json", "{}");
  Write("managed/managed-settings.d/10-a.json", "{}");
  Write("managed/managed-settings.d/.hidden.json", "{}");
  Write("managed/managed-settings.d/note.txt", "{}");
  const std::string root = folder_.string();
  std::vector<std::string> found;
  for (const ClaudeSettings& settings : ReadClaudeSettings({root + "/managed", root + "/home", root + "/project"})) {
    found.push_back(settings.file.substr(root.size() + 1) + " " + std::string(Name(settings.scope)) +
                    (settings.exists ? "" : " missing"));
  }
  EXPECT_EQ(found,
            (std::vector<std::string>{
                "managed/managed-settings.json managed missing", "managed/managed-settings.d/10-a.json managed",
                "managed/managed-settings.d/20-b.json managed", "project/.claude/settings.local.json local missing",
                "project/.claude/settings.json project missing", "home/settings.json user missing"}));
}

TEST(ClaudeFolders, HonoursItsOwnVariable) {
  Environment environment;
  environment.Set("HOME", {Variable::State::kKnown, "/home/me"});
  EXPECT_EQ(FindClaudeFolders(environment, "/work").user, "/home/me/.claude");
  environment.Set("CLAUDE_CONFIG_DIR", {Variable::State::kKnown, "/elsewhere"});
  EXPECT_EQ(FindClaudeFolders(environment, "/work").user, "/elsewhere");
  EXPECT_EQ(FindClaudeFolders(environment, "/work").project, "/work");
}

TEST(RunsSafeDocker, KnowsItByItsName) {
  const auto runs = [](std::string command, std::vector<std::string> args = {}) {
    HookHandler handler;
    handler.type = "command";
    handler.command = std::move(command);
    handler.has_args = !args.empty();
    handler.args = std::move(args);
    return RunsSafeDocker(handler);
  };
  EXPECT_TRUE(runs("safe-docker"));
  EXPECT_TRUE(runs("/opt/x/safe-docker hook"));
  EXPECT_TRUE(runs("\"$HOME/bin/safe-docker\" hook"));
  EXPECT_TRUE(runs("X=1 timeout 5 safe-docker; true"));
  EXPECT_TRUE(runs("env", {"A=b", "safe-docker", "hook"}));
  EXPECT_TRUE(runs("sh", {"-c", "exec safe-docker hook"}));
  EXPECT_FALSE(runs("echo", {"not-safe-docker"}));
  EXPECT_FALSE(runs("safe-docker-other"));
  EXPECT_FALSE(runs("cat safe-docker/notes"));
}

}  // namespace
}  // namespace safe_docker::agents
