// The host's services as a plugin gets them: asks_host.so asks what the request's arguments say and notes the answers.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdio>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "guarded_child.hpp"
#include "plugins/plugin_set.hpp"
#include "test_plugins.hpp"

namespace safe_docker::plugins {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ServicesTest : public testing::Test {
 protected:
  std::vector<std::string> Ask(std::vector<std::string> questions) {
    Declaration declaration = Declare(folder_.Copy("asks_host"));
    declaration.settings = nlohmann::json::parse(settings_);
    docker::Request request = RunRequest("alpine");
    request.cwd = cwd_;
    request.arguments = std::move(questions);
    request.environment = environment_;
    request.inputs = inputs_;
    std::vector<docker::Request> requests = {request};
    PluginSet set({declaration});
    std::vector<std::string> answers;
    for (const policy::Finding& finding : set.Judge(&requests, false)) {
      answers.push_back(finding.message);
    }
    return answers;
  }

  PrivateFolder folder_;
  std::string cwd_ = folder_.path();
  std::string settings_ = R"({"a": {"b": ["x", "y"]}, "flag": true, "number": 2, "nothing": null, "half": 0.5})";
  Environment environment_;
  CommandInputs inputs_;
};

TEST_F(ServicesTest, ResolvePath) {
  ASSERT_EQ(symlink("there", (folder_.path() + "/link").c_str()), 0);
  ASSERT_EQ(symlink("circle", (folder_.path() + "/circle").c_str()), 0);
  EXPECT_THAT(Ask({"path:link/x", "path:/usr/../etc", std::string("path:\0/x", 8), "path:circle"}),
              ElementsAre("path: ok, " + folder_.path() + "/there/x", "path: ok, /etc", "path: unknown, ",
                          "path: failed, " + folder_.path() + "/circle"));
}

TEST_F(ServicesTest, ResolvePathFromUnknownFolder) {
  cwd_ = std::string("\0/x", 3);
  EXPECT_THAT(Ask({"path:y", "path:/y"}), ElementsAre("path: unknown, ", "path: ok, /y"));
  cwd_.clear();
  EXPECT_THAT(Ask({"path:y"}), ElementsAre("path: unknown, "));
}

TEST_F(ServicesTest, ReadFile) {
  const std::string path = folder_.path() + "/file";
  std::FILE* const file = std::fopen(path.c_str(), "w");
  std::fputs("sixteen bytes!!!", file);
  std::fclose(file);
  EXPECT_THAT(Ask({"file:" + path, "file:" + path + ".no", "file:/", "file:file"}),
              ElementsAre("file: ok, sixteen bytes!!!", "file: absent, ", "file: failed, not a regular file",
                          HasSubstr("file: failed, its path is not known")));
  ASSERT_EQ(truncate(path.c_str(), 17), 0);
  EXPECT_THAT(Ask({"file:" + path}), ElementsAre("file: failed, larger than 16 bytes"));
}

TEST_F(ServicesTest, FilesThatTheCommandItselfWrites) {
  using State = WrittenFiles::File::State;
  const std::string path = folder_.path() + "/file";
  std::FILE* const file = std::fopen(path.c_str(), "w");
  std::fputs("old", file);
  std::fclose(file);
  const auto ask = [&](WrittenFiles::File held) {
    WrittenFiles files;
    files.Add(path, std::move(held));
    inputs_.files = std::make_shared<const WrittenFiles>(std::move(files));
    return Ask({"file:" + path, "file:" + folder_.path() + "/./file"});
  };
  EXPECT_THAT(ask({State::kText, std::make_shared<const std::string>("new")}),
              ElementsAre("file: ok, new", "file: ok, new"));
  EXPECT_THAT(ask({State::kUntouched, nullptr}), ElementsAre("file: ok, old", "file: ok, old"));
  EXPECT_THAT(ask({State::kRemoved, nullptr}), ElementsAre("file: absent, ", "file: absent, "));
  EXPECT_THAT(ask({State::kUnknown, nullptr}),
              ElementsAre(HasSubstr("file: unknown, the command itself"), HasSubstr("file: unknown")));
  EXPECT_THAT(ask({State::kText, std::make_shared<const std::string>("more than sixteen")}),
              ElementsAre(HasSubstr("file: failed, "), HasSubstr("file: failed, ")));
}

TEST_F(ServicesTest, StandardInputOfTheCommand) {
  EXPECT_THAT(Ask({"file:/dev/stdin"}), ElementsAre(HasSubstr("file: unknown, ")));
  inputs_.standard_input = std::make_shared<const std::string>("text");
  EXPECT_THAT(Ask({"file:/dev/stdin", "file:/proc/self/fd/0"}), ElementsAre("file: ok, text", "file: ok, text"));
}

TEST_F(ServicesTest, EnvironmentOfTheRequest) {
  environment_.Set("KNOWN", {Variable::State::kKnown, "value"});
  environment_.Set("UNSET", {Variable::State::kUnset, ""});
  environment_.Set("UNKNOWN", {Variable::State::kUnknown, ""});
  EXPECT_THAT(Ask({"environment:KNOWN", "environment:UNSET", "environment:UNKNOWN", "environment:OTHER"}),
              ElementsAre("environment: ok, value", "environment: absent, ", "environment: unknown, ",
                          "environment: absent, "));
}

TEST_F(ServicesTest, Settings) {
  EXPECT_THAT(
      Ask({"setting:/a/b/1", "setting:/a/b", "setting:/number", "setting:/a/b/2", "setting:/a/b/x", "setting:/nothing",
           "setting:/half", "setting:no-pointer", "setting:/"}),
      ElementsAre("setting: ok, y", "setting: ok, two", "setting: ok, two", "setting: absent, ", "setting: absent, ",
                  "setting: absent, ", "setting: absent, ", "setting: absent, ", "setting: absent, "));
}

TEST_F(ServicesTest, SettingsAsJson) {
  settings_ = R"({"a":[1]})";
  EXPECT_THAT(Ask({"json:", "extension:"}), ElementsAre(R"(json: ok, {"a":[1]})", "extension: absent, "));
}

TEST_F(ServicesTest, WarningsAreToldWithoutWhatATerminalObeys) {
  const auto ask = [this](bool verbose) {
    return RunGuarded(guard::Answer::kWrapper, std::chrono::seconds(60),
                      [=, this] {
                        diagnostics::SetVerbose(verbose);
                        Ask({});
                      })
        .error;
  };
  EXPECT_EQ(ask(false), "[safe-docker] warning: plugin asks-host: a warning [31m\n");
  EXPECT_THAT(ask(true), HasSubstr("plugin asks-host: an information\n"));
}

}  // namespace
}  // namespace safe_docker::plugins
