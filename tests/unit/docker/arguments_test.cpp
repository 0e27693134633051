#include "docker/arguments.hpp"

#include <gtest/gtest.h>

#include "command_lines.hpp"

namespace safe_docker::docker {
namespace {

Invocation Read(std::string_view row) {
  const CommandLine line = MakeCommandLine(row);
  return ReadArguments(Command::Root(), std::span(line.words).subspan(1));
}

TEST(ReadArguments, TakesOneEqualsSignOffAShortFlag) {
  const Invocation invocation = Read("docker run -v==/x alpine");
  ASSERT_EQ(invocation.options.size(), 1U);
  EXPECT_EQ(invocation.options[0].value, "=/x");
}

TEST(ReadArguments, KeepsALoneEqualsSignAsTheValue) {
  const Invocation invocation = Read("docker -H= ps");
  ASSERT_EQ(invocation.options.size(), 1U);
  EXPECT_EQ(invocation.options[0].value, "=");
}

TEST(ReadArguments, RefusesABoolLetterWithABareEqualsSign) {
  EXPECT_FALSE(Read("docker run -i= alpine").doubts.empty());
}

TEST(ReadArguments, GivesABundledSwitchItsValue) {
  const Invocation invocation = Read("docker run -it=false alpine");
  ASSERT_EQ(invocation.options.size(), 2U);
  EXPECT_EQ(invocation.options[0].value, "true");
  EXPECT_EQ(invocation.options[1].value, "false");
}

TEST(ReadArguments, ObeysGlobalFlagsOnceMoreAfterDashes) {
  const Invocation invocation = Read("docker -- -H tcp://x run alpine");
  EXPECT_EQ(invocation.command.path(), "container run");
  ASSERT_NE(LastOption(invocation, "host"), nullptr);
  EXPECT_EQ(LastOption(invocation, "host")->value, "tcp://x");
}

TEST(ReadArguments, DoesNotFindACommandBehindDashes) {
  EXPECT_EQ(Read("docker container -- create alpine").command.path(), "container");
  EXPECT_EQ(Read("docker compose -- run web").command.path(), "compose");
}

TEST(ReadArguments, LetsFlagsFollowArguments) {
  const Invocation invocation = Read("docker volume create v -o device=/ -- -o x");
  EXPECT_EQ(invocation.options.size(), 1U);
  ASSERT_EQ(invocation.arguments.size(), 3U);
  EXPECT_EQ(invocation.arguments[1].text, "-o");
}

TEST(ReadArguments, TakesASingleDashForAnArgument) { EXPECT_EQ(Read("docker build -").arguments.size(), 1U); }

TEST(ReadArguments, ReadsGlobalFlagsOnlyInFrontOfTheCommand) {
  EXPECT_FALSE(Read("docker ps -H tcp://x").doubts.empty());
  EXPECT_FALSE(Read("docker container -D ls").doubts.empty());
}

TEST(ParseBool, KnowsGosSpellingsAlone) {
  for (const std::string_view text : {"1", "t", "T", "TRUE", "true", "True"}) {
    EXPECT_EQ(ParseBool(text), true) << text;
  }
  for (const std::string_view text : {"0", "f", "F", "FALSE", "false", "False"}) {
    EXPECT_EQ(ParseBool(text), false) << text;
  }
  for (const std::string_view text : {"", "yes", "on", "tRUE", " true"}) {
    EXPECT_EQ(ParseBool(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace safe_docker::docker
