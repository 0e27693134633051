#include "modes/real_docker.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace safe_docker::modes {
namespace {

class FindRealDockerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "docker-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    std::filesystem::create_directories(folder_ + "/ours");
    std::filesystem::create_directories(folder_ + "/real");
    std::ofstream(folder_ + "/real/docker") << "#!/bin/sh\n";
    std::filesystem::permissions(folder_ + "/real/docker", std::filesystem::perms::owner_all);
    Set("PATH", folder_ + "/ours:" + folder_ + "/real");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Set(std::string_view name, std::string value) {
    environment_.Set(name, {Variable::State::kKnown, std::move(value)});
  }
  std::string folder_;
  Environment environment_;
};

TEST_F(FindRealDockerTest, SkipsItselfUnderAnyName) {
  std::filesystem::create_symlink("/proc/self/exe", folder_ + "/ours/docker");
  EXPECT_EQ(FindRealDocker("docker", "", "", environment_).path, folder_ + "/real/docker");
}

TEST_F(FindRealDockerTest, SkipsFoldersAndFilesThatCannotRun) {
  std::filesystem::create_directories(folder_ + "/ours/docker");
  EXPECT_EQ(FindRealDocker("docker", "", "", environment_).path, folder_ + "/real/docker");
}

TEST_F(FindRealDockerTest, LetsTheOptionBeatTheVariableAndThatTheConfiguration) {
  for (const char* name : {"a", "b", "c"}) {
    std::filesystem::copy(folder_ + "/real/docker", folder_ + "/" + name);
  }
  EXPECT_EQ(FindRealDocker("docker", "", folder_ + "/c", environment_).path, folder_ + "/c");
  Set("SAFE_DOCKER_DOCKER_PATH", folder_ + "/b");
  EXPECT_EQ(FindRealDocker("docker", "", folder_ + "/c", environment_).path, folder_ + "/b");
  EXPECT_EQ(FindRealDocker("docker", folder_ + "/a", folder_ + "/c", environment_).path, folder_ + "/a");
}

TEST_F(FindRealDockerTest, SaysWhyThereIsNone) {
  EXPECT_NE(FindRealDocker("docker", "/proc/self/exe", "", environment_).problem.find("itself"), std::string::npos);
  EXPECT_NE(FindRealDocker("docker", "/nowhere", "", environment_).problem.find("no program"), std::string::npos);
  Set("PATH", folder_ + "/ours");
  EXPECT_NE(FindRealDocker("docker", "", "", environment_).problem.find("PATH"), std::string::npos);
}

TEST_F(FindRealDockerTest, KnowsItsOwnHandOver) {
  EXPECT_FALSE(IsRecursion(environment_));
  Set("SAFE_DOCKER_ACTIVE", std::to_string(getpid()) + ":1");
  EXPECT_TRUE(IsRecursion(environment_));
  Set("SAFE_DOCKER_ACTIVE", "1:2");
  EXPECT_FALSE(IsRecursion(environment_));
  Set("SAFE_DOCKER_ACTIVE", "1:8");
  EXPECT_TRUE(IsRecursion(environment_));
}

}  // namespace
}  // namespace safe_docker::modes
