// What the bake plugin makes of files: cases/*.txt, and what is too large or too deep to be a case.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "cases.hpp"

namespace safe_docker::bake {
namespace {

using expanders::FakeHost;
using expanders::Joined;

const expanders::Tool kBake = {"docker", "buildx", "buildx build", {"file", "set", "var", "list"}};

TEST(BakeTest, Cases) { expanders::RunCases(std::filesystem::path(TEST_DATA_DIR) / "cases", kBake, 60); }

std::string ExpandFile(const std::string& content, const std::string& name = "docker-bake.hcl") {
  FakeHost host(kBake);
  host.files["/home/me/app/" + name] = content;
  return Joined(host.Expand({"bake"}));
}

TEST(BakeTest, RefusesDeepNesting) {
  for (const std::string_view opening : {"[", "(", "{a=", "!", "f(", "\"${", "x?", "-"}) {
    std::string content = "x = ";
    for (int depth = 0; depth < 5000; ++depth) {
      content += opening;
    }
    EXPECT_NE(ExpandFile(content).find("finding malformed: /home/me/app/docker-bake.hcl:1:"), std::string::npos)
        << opening;
  }
  std::string blocks;
  for (int depth = 0; depth < 5000; ++depth) {
    blocks += "target a {\n";
  }
  EXPECT_NE(ExpandFile(blocks).find("nested too deeply"), std::string::npos);
  EXPECT_NE(ExpandFile("{\"x\":" + std::string(5000, '['), "docker-bake.json").find("nested too deeply"),
            std::string::npos);
}

TEST(BakeTest, RefusesLongChainsOfOperators) {
  for (const std::string_view sign : {" + 1", ".a", "[0]", " && true"}) {
    std::string content = "x = a";
    for (int length = 0; length < 5000; ++length) {
      content += sign;
    }
    EXPECT_NE(ExpandFile(content + "\n").find("nested too deeply"), std::string::npos) << sign;
  }
}

TEST(BakeTest, RefusesTextsThatGrow) {
  std::string content = "variable \"A0\" { default = \"xxxxxxxxxxxxxxxx\" }\n";
  for (int level = 1; level < 40; ++level) {
    const std::string before = "${A" + std::to_string(level - 1) + "}";
    content += "variable \"A" + std::to_string(level) + "\" { default = \"" + before + before + "\" }\n";
  }
  EXPECT_NE(ExpandFile(content + "target default { context = A39 }\n").find("becomes too large"), std::string::npos);
}

TEST(BakeTest, RefusesListsThatGrow) {
  std::string content = "A0 = [1, 2, 3, 4, 5, 6, 7, 8]\n";
  for (int level = 1; level < 40; ++level) {
    const std::string before = "A" + std::to_string(level - 1);
    content += "A" + std::to_string(level) + " = concat(" + before + ", " + before + ")\n";
  }
  EXPECT_NE(ExpandFile(content + "target default { tags = A39 }\n").find("becomes too large"), std::string::npos);
}

TEST(BakeTest, RefusesFunctionsThatCallThemselves) {
  EXPECT_NE(ExpandFile("function f {\n params = [x]\n result = f(x)\n}\ntarget default { context = f(1) }\n")
                .find("nested too deeply"),
            std::string::npos);
}

TEST(BakeTest, RefusesAMatrixWithoutEnd) {
  std::string list = "[";
  for (int item = 0; item < 60; ++item) {
    list += std::to_string(item) + ",";
  }
  const std::string content =
      "target default {\n matrix = {a = " + list + "], b = " + list + "]}\n name = \"t${a}-${b}\"\n}\n";
  EXPECT_NE(ExpandFile(content).find("more than 2000 combinations"), std::string::npos);
}

TEST(BakeTest, RefusesInheritanceThatMultiplies) {
  std::string content = "target t0 { context = \".\" }\n";
  for (int level = 1; level < 60; ++level) {
    const std::string before = "\"t" + std::to_string(level - 1) + "\"";
    content += "target t" + std::to_string(level) + " { inherits = [" + before + ", " + before + "] }\n";
  }
  EXPECT_NE(ExpandFile(content + "target default { inherits = [\"t59\"] }\n").find("inherits too much"),
            std::string::npos);
}

TEST(BakeTest, RefusesLargeFiles) {
  EXPECT_NE(ExpandFile(std::string((std::size_t{1} << 20) + 1, '#')).find("finding unreadable: "), std::string::npos);
}

TEST(BakeTest, SurvivesTruncation) {
  const std::string whole =
      "variable \"A\" { default = \"x${1 + 2}\" } // c\n/* d */ target \"default\" {\n matrix = { a = [for v in [1] : "
      "v "
      "if v > 0] }\n name = \"n-${a}\"\n context = A == \"x\" ? \".\" : f(\"\\u00e9\", { k = null })[0].b\n secret = "
      "[{ id = \"s\" }]\n args = {\n  T = <<-E\n    %{ if true }a%{ endif }\n  E\n }\n}\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_EQ(ExpandFile(whole.substr(0, length)).find("BROKEN"), std::string::npos) << length;
  }
  const std::string json = R"({"target": {"default": {"context": "\ud83d\ude00${A}", "secret": [{"id": "s"}]}}})";
  for (std::size_t length = 0; length <= json.size(); ++length) {
    EXPECT_EQ(ExpandFile(json.substr(0, length), "docker-bake.json").find("BROKEN"), std::string::npos) << length;
  }
}

}  // namespace
}  // namespace safe_docker::bake
