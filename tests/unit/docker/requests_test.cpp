// Command lines and the effects that they would have, one row a case, in requests.cases.
#include "docker/requests.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "command_lines.hpp"

namespace safe_docker::docker {
namespace {

std::string KindName(sdp_effect_kind kind) {
  constexpr const char* kNames[] = {"?",        "unknown",    "mount",         "read",       "write",     "delete",
                                    "volume",   "inherit",    "privileged",    "capability", "namespace", "device",
                                    "security", "sysctl",     "cgroup",        "host",       "build-arg", "credential",
                                    "image",    "engine",     "destroy",       "run-code",   "command",   "port",
                                    "pass-env", "api-socket", "change-engine", "runtime",    "send",      "fetch",
                                    "option",   "control",    "raw-engine"};
  return kNames[kind];
}

// "KIND SUBJECT name=NAME target=TARGET options=OPTIONS !unresolved"; empty fields are left out.
std::string Render(const Effect& effect) {
  std::string text = KindName(effect.kind);
  text += effect.subject.empty() ? "" : " " + effect.subject;
  text += effect.name.empty() ? "" : " name=" + effect.name;
  text += effect.target.empty() ? "" : " target=" + effect.target;
  text += effect.options.empty() ? "" : " options=" + effect.options;
  text += (effect.flags & SDP_EFFECT_READ_ONLY) != 0 ? " !read-only" : "";
  text += (effect.flags & SDP_EFFECT_UNRESOLVED) != 0 ? " !unresolved" : "";
  Replace(&text, std::string(1, kUnknownPart), "<?>");
  return text;
}

std::string Render(const std::vector<Request>& requests) {
  std::string text;
  for (const Request& request : requests) {
    text += text.empty() ? "" : " // ";
    text += request.command.empty() ? "-" : request.command;
    for (const Effect& effect : request.effects) {
      // What the image and the engine are is the matter of tests of their own.
      if (effect.kind != SDP_EFFECT_USE_ENGINE && effect.kind != SDP_EFFECT_USE_IMAGE &&
          effect.kind != SDP_EFFECT_RUN_COMMAND) {
        text += " | " + Render(effect);
      }
    }
  }
  return text;
}

// Checks each row of a file of cases; how many there are.
int CheckCases(const std::string& name) {
  std::ifstream file(TEST_DATA_DIR "/" + name);
  EXPECT_TRUE(file.is_open());
  std::string row;
  int number = 0;
  int cases = 0;
  while (std::getline(file, row)) {
    ++number;
    if (row.empty() || row[0] == '#') {
      continue;
    }
    const std::size_t arrow = row.find(" =>");
    if (arrow == std::string::npos) {
      ADD_FAILURE() << name << ":" << number << " has no =>";
      continue;
    }
    const std::string expected = row.size() > arrow + 4 ? row.substr(arrow + 4) : "";
    EXPECT_EQ(Render(ReadCommandLine(MakeCommandLine(row.substr(0, arrow)))), expected)
        << name << ":" << number << ": " << row.substr(0, arrow);
    ++cases;
  }
  return cases;
}

TEST(ReadCommandLine, HasTheEffectsOfEachCase) { EXPECT_GE(CheckCases("requests.cases"), 150); }

TEST(ReadCommandLine, KnowsTheDifferencesOfOtherTools) { EXPECT_GE(CheckCases("other_tools.cases"), 250); }

const Effect* FindEffect(const std::vector<Request>& requests, sdp_effect_kind kind) {
  for (const Request& request : requests) {
    for (const Effect& effect : request.effects) {
      if (effect.kind == kind) {
        return &effect;
      }
    }
  }
  return nullptr;
}

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
