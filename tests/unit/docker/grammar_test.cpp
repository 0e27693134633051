#include "docker/grammar.hpp"

#include <gtest/gtest.h>

namespace safe_docker::docker {
namespace {

TEST(Grammar, LeadsAliasesToTheirCommand) {
  const Command root = Command::Root();
  EXPECT_EQ(root.FindChild("rmi")->path(), "image rm");
  EXPECT_EQ(root.FindChild("container")->FindChild("ps")->path(), "container ls");
  EXPECT_EQ(root.FindChild("stack")->FindChild("up")->path(), "stack deploy");
  EXPECT_EQ(root.FindChild("builder")->FindChild("f")->path(), "buildx bake");
}

TEST(Grammar, PrefersBuildxAndKnowsTheClassicBuilder) {
  const Command root = Command::Root();
  EXPECT_EQ(root.FindChild("build")->path(), "buildx build");
  EXPECT_EQ(root.FindAlternativeChild("build")->path(), "image build");
  EXPECT_FALSE(root.FindAlternativeChild("run").has_value());
}

TEST(Grammar, FindsEveryFlagByBothNames) {
  const Command run = *Command::Find("container run");
  EXPECT_EQ(run.FindFlag("net")->name(), "network");
  EXPECT_EQ(run.FindShortFlag('v')->name(), "volume");
  EXPECT_EQ(run.FindShortFlag('h')->name(), "hostname");
  EXPECT_TRUE(run.FindFlag("privileged")->is_switch());
  EXPECT_FALSE(run.FindFlag("Volume").has_value());
  EXPECT_FALSE(run.FindShortFlag('\0').has_value());
}

TEST(Grammar, SaysWhereFlagsEnd) {
  EXPECT_TRUE(Command::Find("container run")->ends_at_argument());
  EXPECT_TRUE(Command::Find("compose exec")->ends_at_argument());
  EXPECT_FALSE(Command::Find("compose up")->ends_at_argument());
}

}  // namespace
}  // namespace safe_docker::docker
