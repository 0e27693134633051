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

TEST(Grammar, GivesEachToolItsDifferencesAndDockersRest) {
  const Command podman = Command::Root(Dialect::kPodman);
  const Command run = *podman.FindChild("run");
  EXPECT_EQ(run.path(), "container run");
  EXPECT_EQ(run.FindFlag("cap-add")->kind(), FlagKind::kList);
  EXPECT_EQ(run.FindFlag("privileged")->role(), FlagRole::kPrivileged);
  EXPECT_EQ(run.FindFlag("healthcheck-command")->name(), "health-cmd");
  EXPECT_TRUE(run.FindFlag("hooks-dir").has_value());  // of the root
  EXPECT_EQ(podman.FindChild("build")->path(), "image build");
  EXPECT_FALSE(podman.FindAlternativeChild("build").has_value());
  EXPECT_EQ(podman.FindChild("image")->FindChild("history")->path(), "image history");
  EXPECT_EQ(podman.FindChild("image")->FindChild("history")->dialect(), Dialect::kPodman);
  EXPECT_EQ(podman.FindChild("umount")->path(), "container unmount");
  EXPECT_FALSE(Command::Root(Dialect::kNerdctl).FindChild("pod").has_value());
  EXPECT_FALSE(Command::Root().FindChild("pod").has_value());
  EXPECT_FALSE(Command::Find("container run")->FindFlag("rootfs").has_value());
}

TEST(Grammar, TakesALetterFromDockersFlagIfTheToolGivesItToAnother) {
  const Command logs = *Command::Root(Dialect::kPodman).FindChild("logs");
  EXPECT_EQ(logs.FindShortFlag('n')->name(), "names");
  EXPECT_EQ(logs.FindFlag("tail")->kind(), FlagKind::kValue);
  EXPECT_TRUE(logs.ends_at_argument());
  EXPECT_EQ(Command::Find("container logs")->FindShortFlag('n')->name(), "tail");
}

}  // namespace
}  // namespace safe_docker::docker
