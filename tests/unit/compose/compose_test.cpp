// What the compose plugin makes of projects: cases/*.txt, and what is too large or too deep to be a case.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "cases.hpp"

namespace safe_docker::compose {
namespace {

using expanders::FakeHost;
using expanders::Joined;

const expanders::Tool kCompose = {
    "docker",
    "compose",
    "compose service",
    {"file", "env-file", "profile", "project-directory", "project-name", "volume", "workdir", "env"}};

// bake reads compose files, too.
const expanders::Tool kBake = {"docker", "buildx", "buildx build", {"file", "set", "var", "list"}};

TEST(ComposeTest, BakeCases) { expanders::RunCases(std::filesystem::path(TEST_DATA_DIR) / "bake_cases", kBake, 15); }

TEST(ComposeTest, Cases) { expanders::RunCases(std::filesystem::path(TEST_DATA_DIR) / "cases", kCompose, 120); }

std::string ExpandFile(const std::string& content) {
  FakeHost host(kCompose);
  host.files["/home/me/app/compose.yaml"] = content;
  return Joined(host.Expand({"up"}));
}

TEST(ComposeTest, RefusesAliasBomb) {
  std::string content = "x0: &a0 [a, a, a, a, a, a, a, a, a]\n";
  for (int level = 1; level < 9; ++level) {
    const std::string before = "*a" + std::to_string(level - 1);
    content += "x" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + before;
    for (int repeat = 0; repeat < 8; ++repeat) {
      content += ", " + before;
    }
    content += "]\n";
  }
  EXPECT_NE(ExpandFile(content).find("finding malformed: /home/me/app/compose.yaml:6:"), std::string::npos);
}

TEST(ComposeTest, RefusesMergeKeyBomb) {
  std::string content = "x0: &a0 {";
  for (int key = 0; key < 1000; ++key) {
    content += "k" + std::to_string(key) + ": v, ";
  }
  content += "}\n";
  for (int map = 1; map < 200; ++map) {
    content += "x" + std::to_string(map) + ": {<<: *a0}\n";
  }
  EXPECT_NE(ExpandFile(content).find("more than 100000 values"), std::string::npos);
}

TEST(ComposeTest, RefusesDeepNesting) {
  EXPECT_NE(ExpandFile("x: " + std::string(5000, '[')).find("nested more than 64 levels deep"), std::string::npos);
  std::string block;
  for (std::size_t depth = 0; depth < 200; ++depth) {
    block += std::string(depth, ' ') + "a:\n";
  }
  EXPECT_NE(ExpandFile(block).find("nested more than 64 levels deep"), std::string::npos);
}

TEST(ComposeTest, RefusesLargeFile) {
  const std::string large = "services: {}\n" + std::string(std::size_t{1} << 20, '#');
  EXPECT_EQ(ExpandFile(large),
            "finding unreadable: compose file /home/me/app/compose.yaml cannot be read: larger than the limit\n");
}

TEST(ComposeTest, RefusesManyValues) {
  std::string content = "x:\n";
  for (int item = 0; item < 100001; ++item) {
    content += "- a\n";
  }
  EXPECT_NE(ExpandFile(content).find("more than 100000 values"), std::string::npos);
}

TEST(ComposeTest, RefusesVariablesThatGrow) {
  FakeHost host(kCompose);
  host.variables["BIG"] = std::string(100000, 'x');
  std::string content = "x: \"";
  for (int repeat = 0; repeat < 1000; ++repeat) {
    content += "$BIG";
  }
  host.files["/home/me/app/compose.yaml"] = content + "\"\n";
  EXPECT_NE(Joined(host.Expand({"up"})).find("the value becomes too long"), std::string::npos);
}

TEST(ComposeTest, RefusesNestedVariablesWithoutEnd) {
  std::string content = "x: \"";
  for (int depth = 0; depth < 1000; ++depth) {
    content += "${A:-";
  }
  content += std::string(1000, '}') + "\"\n";
  EXPECT_NE(ExpandFile(content).find("variables are nested too deeply"), std::string::npos);
}

TEST(ComposeTest, RefusesIncludesThatMultiply) {
  FakeHost host(kCompose);
  host.files["/home/me/app/compose.yaml"] = "include: [a0/c.yaml, a0/c.yaml]\n";
  for (int level = 0; level < 30; ++level) {
    const std::string next = "../a" + std::to_string(level + 1) + "/c.yaml";
    host.files["/home/me/app/a" + std::to_string(level) + "/c.yaml"] = "include: [" + next + ", " + next + "]\n";
  }
  host.files["/home/me/app/a30/c.yaml"] = "services: {web: {image: a}}\n";
  EXPECT_NE(Joined(host.Expand({"up"})).find("finding unreadable: the project includes or extends too many files"),
            std::string::npos);
}

TEST(ComposeTest, RefusesLongChainsOfExtends) {
  std::string content = "services:\n  s0: {image: a}\n";
  for (int service = 1; service < 2000; ++service) {
    content += "  s" + std::to_string(2000 - service) + ": {extends: s" + std::to_string(1999 - service) + "}\n";
  }
  EXPECT_NE(ExpandFile(content).find("extends are chained too deeply"), std::string::npos);
}

TEST(ComposeTest, RefusesExtendsThatMultiply) {
  std::string content = "services:\n  base:\n    cap_add: [";
  for (int item = 0; item < 10000; ++item) {
    content += "A, ";
  }
  content += "]\n";
  for (int service = 0; service < 5000; ++service) {
    content += "  s" + std::to_string(service) + ": {extends: base}\n";
  }
  EXPECT_NE(ExpandFile(content).find("more than 1000000 values once everything is extended"), std::string::npos);
}

TEST(ComposeTest, RefusesEnvFilesThatGrow) {
  FakeHost host(kCompose);
  std::string& file = host.files["/home/me/app/.env"] = "A=xxxxxxxxxxxxxxxx\n";
  for (int line = 0; line < 15; ++line) {
    file += "A=$A$A\n";
  }
  for (int line = 0; line < 1000; ++line) {
    file += "B" + std::to_string(line) + "=$A\n";
  }
  host.files["/home/me/app/compose.yaml"] = "services: {}\n";
  EXPECT_NE(Joined(host.Expand({"up"})).find("too large to be checked"), std::string::npos);
}

TEST(ComposeTest, SurvivesTruncation) {
  const std::string whole =
      "x: &a {privileged: \"${P:-yes}\", volumes: [\"/etc:/x\", {type: bind, source: /, target: /h}]}\n"
      "services:\n  web: {<<: *a, build: {context: ., ssh: [default]}, env_file: [a, {path: b}]}\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_EQ(ExpandFile(whole.substr(0, length)).find("BROKEN"), std::string::npos) << length;
  }
}

TEST(ComposeTest, UnknownWorkingDirectoryIsUnseen) {
  FakeHost host(kCompose);
  host.cwd = std::string("/a/\0", 4);
  EXPECT_EQ(Joined(host.Expand({"up"})),
            "unseen\n  UNKNOWN the project in an unknown folder (the working directory is not known, so the project is "
            "not either)\n");
}

TEST(ComposeTest, LinearInTheNumberOfServices) {
  std::string content = "services:\n";
  for (int service = 0; service < 5000; ++service) {
    content += "  s" + std::to_string(service) + ": {image: a, depends_on: [s0], volumes: [\"d:/d\"]}\n";
  }
  const std::string lines = ExpandFile(content + "volumes: {d: {}}\n");
  EXPECT_NE(lines.find("s4999\n"), std::string::npos);
}

}  // namespace
}  // namespace safe_docker::compose
