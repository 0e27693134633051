// What the devcontainer plugin makes of devcontainer.json: cases/*.txt, and what is too large or too deep to be a case.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "cases.hpp"

namespace safe_docker::devcontainer {
namespace {

using expanders::FakeHost;
using expanders::Joined;

const expanders::Tool kDevcontainer = {"devcontainer",
                                       "devcontainer",
                                       "devcontainer container",
                                       {"workspace-folder", "config", "override-config", "additional-features"}};

TEST(DevcontainerTest, Cases) {
  expanders::RunCases(std::filesystem::path(TEST_DATA_DIR) / "cases", kDevcontainer, 60);
}

std::string ExpandFile(const std::string& content) {
  FakeHost host(kDevcontainer);
  host.files["/home/me/app/.devcontainer.json"] = content;
  return Joined(host.Expand({"up"}));
}

TEST(DevcontainerTest, RefusesDeepNesting) {
  EXPECT_NE(ExpandFile("{\"name\": " + std::string(5000, '[')).find("nested more than 64 levels deep"),
            std::string::npos);
}

TEST(DevcontainerTest, RefusesLargeFile) {
  EXPECT_NE(ExpandFile("{}" + std::string(std::size_t{1} << 20, ' ')).find("larger than the limit"), std::string::npos);
}

TEST(DevcontainerTest, RefusesManyValues) {
  std::string content = "{\"forwardPorts\": [";
  for (int item = 0; item < 100001; ++item) {
    content += "1,";
  }
  EXPECT_NE(ExpandFile(content + "]}").find("more than 100000 values"), std::string::npos);
}

TEST(DevcontainerTest, SurvivesTruncation) {
  const std::string whole =
      "// c\n{\"image\": \"x\\u00e4\", /* c */ \"runArgs\": [\"--privileged\", \"${localEnv:HOME:x}\"], \"mounts\": "
      "[{\"type\": \"bind\", \"source\": \"/\", \"target\": \"/h\"},], \"features\": {\"./f\": {}}, "
      "\"build\": {\"dockerfile\": \"D\", \"args\": {\"A\": \"b\"}}, \"capAdd\": [\"ALL\"], \"privileged\": true,}\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_EQ(ExpandFile(whole.substr(0, length)).find("BROKEN"), std::string::npos) << length;
  }
}

TEST(DevcontainerTest, UnknownWorkingDirectoryIsUnseen) {
  FakeHost host(kDevcontainer);
  host.cwd = std::string("\0", 1);
  EXPECT_EQ(Joined(host.Expand({"up"})),
            "unseen\n  UNKNOWN the dev container (which workspace folder is meant is not known)\n");
}

}  // namespace
}  // namespace safe_docker::devcontainer
