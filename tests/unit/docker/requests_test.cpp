// Command lines and the effects that they would have, one row a case, in requests.cases.
#include "docker/requests.hpp"

#include <gtest/gtest.h>

#include "case_files.hpp"
#include "command_lines.hpp"

namespace safe_docker::docker {
namespace {

constexpr CaseStyle kStyle = {.says_why_unknown = true, .says_what_is_inside = false};

std::string ReadRow(const std::string& row) { return Render(ReadCommandLine(MakeCommandLine(row)), kStyle); }

TEST(ReadCommandLine, HasTheEffectsOfEachCase) { EXPECT_GE(CheckCases("requests.cases", &ReadRow), 150); }

TEST(ReadCommandLine, KnowsTheDifferencesOfOtherTools) { EXPECT_GE(CheckCases("other_tools.cases", &ReadRow), 250); }

TEST(ReadCommandLine, CompletesTheImageAndKeepsTheInnerCommand) {
  const std::vector<Request> requests = ReadCommandLine(MakeCommandLine("docker run -it alpine sh -c 'ls /'"));
  ASSERT_NE(FindEffect(requests, SDP_EFFECT_USE_IMAGE), nullptr);
  EXPECT_EQ(FindEffect(requests, SDP_EFFECT_USE_IMAGE)->subject, "docker.io/library/alpine:latest");
  ASSERT_NE(FindEffect(requests, SDP_EFFECT_RUN_COMMAND), nullptr);
  EXPECT_EQ(FindEffect(requests, SDP_EFFECT_RUN_COMMAND)->subject, "sh -c ls /");
}

TEST(ReadCommandLine, NamesTheContainerOfExec) {
  const std::vector<Request> requests = ReadCommandLine(MakeCommandLine("docker exec -it db psql -U me"));
  ASSERT_NE(FindEffect(requests, SDP_EFFECT_RUN_COMMAND), nullptr);
  EXPECT_EQ(FindEffect(requests, SDP_EFFECT_RUN_COMMAND)->name, "db");
  EXPECT_EQ(FindEffect(requests, SDP_EFFECT_RUN_COMMAND)->subject, "psql -U me");
}

TEST(ReadCommandLine, KeepsOptionsAndServicesForTheExpander) {
  const std::vector<Request> requests =
      ReadCommandLine(MakeCommandLine("docker compose -f a.yml --file=b.yml --profile dev up -d web db"));
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_TRUE(requests[0].needs_expansion);
  EXPECT_EQ(requests[0].command, "compose up");
  EXPECT_EQ(requests[0].arguments, (std::vector<std::string>{"web", "db"}));
  ASSERT_EQ(requests[0].options.size(), 4U);
  EXPECT_EQ(requests[0].options[1].name, "file");
  EXPECT_EQ(requests[0].options[1].value, "b.yml");
}

TEST(ReadCommandLine, SaysWhichWordsItIsAbout) {
  const std::vector<Request> requests = ReadCommandLine(MakeCommandLine("docker run -itv /etc:/x alpine"));
  const Effect* mount = FindEffect(requests, SDP_EFFECT_MOUNT_HOST_PATH);
  ASSERT_NE(mount, nullptr);
  EXPECT_EQ(mount->evidence.written, "-itv /etc:/x");
}

TEST(ReadCommandLine, JudgesByTheUsersHomeNotByOneThatTheCommandSets) {
  CommandLine line = MakeCommandLine("docker run -v /etc:/x alpine");
  line.environment.Set("HOME", {Variable::State::kKnown, "/etc"});
  EXPECT_EQ(ReadCommandLine(line)[0].home, "/home/user");
}

TEST(ReadCommandLine, ObeysTheVariablesOfTheToolItself) {
  for (const auto& [row, is_obeyed] : {std::pair{"podman ps", true}, std::pair{"docker ps", false}}) {
    CommandLine line = MakeCommandLine(row);
    line.environment.Set("CONTAINERS_CONF", {Variable::State::kKnown, "/x"});
    EXPECT_EQ(FindEffect(ReadCommandLine(line), SDP_EFFECT_RUN_CODE) != nullptr, is_obeyed) << row;
  }
}

TEST(ReadCommandLine, NamesTheToolThatRunsInAVirtualMachine) {
  EXPECT_EQ(ReadCommandLine(MakeCommandLine("limactl shell default podman ps"))[0].program, "podman");
  EXPECT_EQ(ReadCommandLine(MakeCommandLine("colima n -- ps"))[0].program, "nerdctl");
}

}  // namespace
}  // namespace safe_docker::docker
