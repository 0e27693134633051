// What a command finds in the files that the text has written before it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "shell/analysis.hpp"

namespace safe_docker::shell {
namespace {

using State = WrittenFiles::File::State;

class FileViewsTest : public testing::Test {
 protected:
  FileViewsTest() : folder_("/tmp/file_views.XXXXXX") { EXPECT_NE(mkdtemp(folder_.data()), nullptr); }
  ~FileViewsTest() override { std::filesystem::remove_all(folder_); }

  Analysis Read(const std::string& text) {
    Context context;
    context.cwd = folder_;
    context.names = {"docker"};
    context.reads_files = [](const std::vector<Word>&) { return true; };
    return Analyze(text, context);
  }

  // What the last command of `text` may find in `file`: its texts, "-" for none, "?" for what is not known, and "disk".
  std::set<std::string> FoundBy(const std::string& text, const std::string& file = "f") {
    const Analysis analysis = Read(text);
    std::set<std::string> found;
    for (const CommandLine& line : analysis.commands) {
      if (line.words.back().text != "last") {
        continue;
      }
      const auto held = line.files == nullptr ? WrittenFiles::File() : line.files->Find(folder_ + "/" + file);
      found.insert(held.state == State::kText      ? *held.text
                   : held.state == State::kRemoved ? "-"
                   : held.state == State::kUnknown ? "?"
                                                   : "disk");
    }
    return found;
  }

  using Texts = std::set<std::string>;
  std::string folder_;
};

TEST_F(FileViewsTest, WhatWasWrittenBefore) {
  EXPECT_EQ(FoundBy("docker last"), Texts({"disk"}));
  EXPECT_EQ(FoundBy("echo a > f; docker last"), Texts({"a\n"}));
  EXPECT_EQ(FoundBy("echo a > f; echo b >> f; docker last"), Texts({"a\nb\n"}));
  EXPECT_EQ(FoundBy("docker last; echo a > f"), Texts({"disk"}));
  EXPECT_EQ(FoundBy("echo a > f; rm f; docker last"), Texts({"-"}));
  EXPECT_EQ(FoundBy("echo a > f; docker last", "g"), Texts({"disk"}));
  EXPECT_EQ(FoundBy("mkdir -p d/e; echo a > d/e/f; docker last", "d/e/f"), Texts({"a\n"}));
}

TEST_F(FileViewsTest, OneOfSeveral) {
  EXPECT_EQ(FoundBy("if true; then echo a > f; fi; docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("if $x; then echo a > f; docker last; fi"), Texts({"a\n"}));
  EXPECT_EQ(FoundBy("$x && echo a > f && docker last"), Texts({"a\n"}));
  EXPECT_EQ(FoundBy("$x && echo a > f; docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("$x && echo a > f || docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("echo a > f; $x && rm f; docker last"), Texts({"a\n", "-"}));
  EXPECT_EQ(FoundBy("g() { $x && return; echo a > f; }; g; docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("($x && exit; echo a > f); docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("$x && exit; echo a > f; docker last"), Texts({"a\n"}));
}

TEST_F(FileViewsTest, WhatMayFail) {
  std::ofstream(folder_ + "/f") << "old";
  EXPECT_EQ(FoundBy("echo a > g; cp g f; docker last"), Texts({"a\n"}));
  EXPECT_EQ(FoundBy("echo a > g; cp -n g f; docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("echo a > g; sudo cp g f; docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("echo a > g; sudo cp g f && docker last"), Texts({"a\n"}));
  EXPECT_EQ(FoundBy("set -C; n=f; echo a > $n; docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("chmod -w f; echo a > f; docker last"), Texts({"a\n", "disk"}));
  EXPECT_EQ(FoundBy("rm -i f; docker last"), Texts({"-", "disk"}));
}

TEST_F(FileViewsTest, WhatHappensBesideOrLater) {
  EXPECT_EQ(FoundBy("echo a > f & docker last"), Texts({"?"}));
  EXPECT_EQ(FoundBy("docker last & echo a > f"), Texts({"?"}));
  EXPECT_EQ(FoundBy("echo a | tee f | docker last"), Texts({"?"}));
  EXPECT_EQ(FoundBy("echo a | tee f; docker last"), Texts({"a\n"}));
  EXPECT_EQ(FoundBy("{ echo a; docker last; } > f"), Texts({"?"}));
  EXPECT_EQ(FoundBy("trap 'echo a > f' DEBUG; docker last"), Texts({"?"}));
  EXPECT_EQ(FoundBy("trap 'docker last' EXIT; echo a > f"), Texts({"a\n"}));
  EXPECT_EQ(FoundBy("cat > >(cat > f) <<< a; docker last"), Texts({"?"}));
  EXPECT_EQ(FoundBy("while $x; do docker last; echo a > f; done"), Texts({"a\n", "disk"}));
}

TEST_F(FileViewsTest, WhatCannotBeTold) {
  EXPECT_EQ(FoundBy("curl -o f x; docker last"), Texts({"?"}));
  EXPECT_EQ(FoundBy("ln -s g f; docker last"), Texts({"?"}));
  EXPECT_EQ(FoundBy("ln -s g d; docker last", "d/f"), Texts({"?"}));
  EXPECT_EQ(FoundBy("echo a > $d/f; docker last"), Texts({"?"}));
  EXPECT_EQ(FoundBy("echo a > $d; docker last"), Texts({"disk"}));
  EXPECT_EQ(FoundBy("echo $x > f; docker last"), Texts({"?"}));
}

TEST_F(FileViewsTest, TwoNamesOfOneFile) {
  std::filesystem::create_directory(folder_ + "/d");
  std::filesystem::create_symlink("d", folder_ + "/l");
  EXPECT_EQ(FoundBy("echo a > l/f; docker last", "d/f"), Texts({"a\n"}));
  EXPECT_EQ(FoundBy("echo a > d/f; docker last", "l/f"), Texts({"a\n"}));
  std::ofstream(folder_ + "/one") << "old";
  std::filesystem::create_hard_link(folder_ + "/one", folder_ + "/two");
  EXPECT_EQ(FoundBy("echo a > one; docker last", "two"), Texts({"?"}));
}

TEST_F(FileViewsTest, StandardInputIsReadByOneAlone) {
  const auto input = [this](const std::string& text) {
    const CommandLine line = Read(text).commands.back();
    return line.has_standard_input ? line.standard_input : "?";
  };
  EXPECT_EQ(input("docker last <<< a"), "a\n");
  EXPECT_EQ(input("echo a | docker last"), "a\n");
  EXPECT_EQ(input("{ head -n1; docker last; } <<< a"), "?");
  EXPECT_EQ(input("echo a | { cat; docker last; }"), "?");
  EXPECT_EQ(input("cat <<< b; docker last <<< a"), "a\n");
}

}  // namespace
}  // namespace safe_docker::shell
