#include "docker/engine.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "command_lines.hpp"
#include "docker/programs.hpp"

namespace safe_docker::docker {
namespace {

class FindEngineTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "engine-XXXXXX";
    home_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(home_); }

  void Write(const std::string& path, std::string_view text) {
    std::filesystem::create_directories(std::filesystem::path(home_ + "/" + path).parent_path());
    std::ofstream(home_ + "/" + path) << text;
  }

  Engine Find(std::string_view row, const std::vector<std::pair<std::string, std::string>>& variables = {}) {
    const CommandLine line = MakeCommandLine(row);
    Environment environment;
    environment.Set("HOME", {Variable::State::kKnown, home_});
    for (const auto& [name, value] : variables) {
      environment.Set(name, {Variable::State::kKnown, value});
    }
    const Command start = Command::Root(FindProgram(line.words[0].text).dialect);
    return FindEngine(ReadArguments(start, std::span(line.words).subspan(1)), environment);
  }

  std::string home_;
};

TEST_F(FindEngineTest, TakesTheDefaultSocket) {
  EXPECT_EQ(Find("docker ps").endpoint, "unix:///var/run/docker.sock");
  EXPECT_FALSE(Find("docker ps").is_remote);
}

TEST_F(FindEngineTest, ObeysTheOrderOfTheClient) {
  Write(".docker/contexts/meta/1/meta.json", R"({"Name":"far","Endpoints":{"docker":{"Host":"ssh://far"}}})");
  Write(".docker/config.json", R"({"currentContext":"far"})");
  EXPECT_EQ(Find("docker ps").endpoint, "ssh://far");
  EXPECT_EQ(Find("docker ps", {{"DOCKER_CONTEXT", "default"}}).endpoint, "unix:///var/run/docker.sock");
  EXPECT_EQ(Find("docker ps", {{"DOCKER_CONTEXT", "far"}, {"DOCKER_HOST", "tcp://h:1"}}).endpoint, "tcp://h:1");
  EXPECT_EQ(Find("docker -H unix:///x ps", {{"DOCKER_HOST", "tcp://h:1"}}).endpoint, "unix:///x");
  EXPECT_EQ(Find("docker -c far ps", {{"DOCKER_HOST", "unix:///x"}}).endpoint, "ssh://far");
  EXPECT_TRUE(Find("docker -c far ps").is_remote);
}

TEST_F(FindEngineTest, TakesABareAddressForTcp) {
  EXPECT_EQ(Find("docker -H box:2375 ps").endpoint, "tcp://box:2375");
  EXPECT_EQ(Find("docker -H '' ps", {{"DOCKER_HOST", "tcp://h:1"}}).endpoint, "unix:///var/run/docker.sock");
}

TEST_F(FindEngineTest, TakesThisMachineByItsNetworkForThisMachine) {
  for (const char* row :
       {"docker -H tcp://localhost:2375 ps", "docker -H 127.0.0.1:2375 ps", "docker -H ssh://me@localhost ps",
        "docker -H 'tcp://[::1]:2375' ps", "docker -H tcp://0.0.0.0:2375 ps", "docker -H '<?>' ps"}) {
    EXPECT_FALSE(Find(row).is_remote) << row;
  }
  EXPECT_TRUE(Find("docker -H tcp://box:2375 ps").is_remote);
  EXPECT_TRUE(Find("docker -H ssh://me@box ps").is_remote);
}

TEST_F(FindEngineTest, SaysWhatItCannotKnow) {
  EXPECT_FALSE(Find("docker -c nowhere ps").problem.empty());
  EXPECT_FALSE(Find("docker -H '<?>' ps").problem.empty());
}

TEST_F(FindEngineTest, FindsPodmansServiceAndConnections) {
  Write(".config/containers/podman-connections.json",
        R"({"Connection":{"Default":"far","Connections":{"far":{"URI":"ssh://me@far/run/podman/podman.sock"}}}})");
  EXPECT_EQ(Find("podman ps").endpoint, "unix:///run/podman/podman.sock");
  EXPECT_EQ(Find("podman ps", {{"XDG_RUNTIME_DIR", "/run/user/7"}}).endpoint, "unix:///run/user/7/podman/podman.sock");
  EXPECT_EQ(Find("podman ps", {{"DOCKER_HOST", "tcp://h:1"}}).endpoint, "unix:///run/podman/podman.sock");
  EXPECT_EQ(Find("podman --remote ps").endpoint, "ssh://me@far/run/podman/podman.sock");
  EXPECT_TRUE(Find("podman -c far ps").is_remote);
  EXPECT_EQ(Find("podman -c far ps").chosen_by, "connection far");
  EXPECT_EQ(Find("podman --url unix:///x ps", {{"CONTAINER_HOST", "ssh://h"}}).endpoint, "unix:///x");
  EXPECT_EQ(Find("podman ps", {{"CONTAINER_HOST", "ssh://h"}}).endpoint, "ssh://h");
  EXPECT_TRUE(Find("podman ps", {{"CONTAINER_HOST", "ssh://h"}}).is_other);
  EXPECT_EQ(Find("podman ps", {{"CONTAINER_HOST", "ssh://h"}, {"CONTAINER_CONNECTION", "far"}}).chosen_by,
            "connection far");
  EXPECT_FALSE(Find("podman --connection none ps").problem.empty());
}

TEST_F(FindEngineTest, FindsContainerd) {
  EXPECT_EQ(Find("nerdctl ps").endpoint, "unix:///run/containerd/containerd.sock");
  EXPECT_FALSE(Find("nerdctl ps").is_other);
  EXPECT_EQ(Find("nerdctl -a /x ps").endpoint, "unix:///x");
  EXPECT_EQ(Find("nerdctl ps", {{"CONTAINERD_ADDRESS", "unix:///y"}}).endpoint, "unix:///y");
  EXPECT_TRUE(Find("nerdctl --address /x ps").is_other);
}

}  // namespace
}  // namespace safe_docker::docker
