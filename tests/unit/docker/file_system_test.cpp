#include "file_system.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace safe_docker {
namespace {

TEST(CleanPath, WorksOnTextAlone) {
  EXPECT_EQ(CleanPath("/a/./b//c/", "/x"), "/a/b/c");
  EXPECT_EQ(CleanPath("../b", "/x/y"), "/x/b");
  EXPECT_EQ(CleanPath("../../../..", "/x/y"), "/");
  EXPECT_EQ(CleanPath("", "/x"), "/x");
  EXPECT_EQ(CleanPath("/..", "/x"), "/");
}

TEST(IsWithin, ComparesComponents) {
  EXPECT_TRUE(IsWithin("/data", "/data"));
  EXPECT_TRUE(IsWithin("/data/x", "/data/"));
  EXPECT_FALSE(IsWithin("/database", "/data"));
  EXPECT_TRUE(IsWithin("/x", "/"));
}

class ResolvePathTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "resolve-XXXXXX";
    folder_ = std::filesystem::canonical(mkdtemp(pattern.data())).string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(ResolvePathTest, FollowsEveryLink) {
  std::filesystem::create_directory(folder_ + "/real");
  ASSERT_EQ(symlink("real", (folder_ + "/relative").c_str()), 0);
  ASSERT_EQ(symlink("/etc", (folder_ + "/absolute").c_str()), 0);
  EXPECT_EQ(ResolvePath("relative/new/file", folder_).resolved, folder_ + "/real/new/file");
  EXPECT_EQ(ResolvePath("absolute/passwd", folder_).resolved, "/etc/passwd");
  EXPECT_EQ(ResolvePath("absolute/passwd", folder_).kind, ResolvedPath::Kind::kRegular);
  EXPECT_EQ(ResolvePath("missing/x", folder_).kind, ResolvedPath::Kind::kMissing);
}

TEST_F(ResolvePathTest, TellsTextFromKernelWhereParentsFollowLinks) {
  ASSERT_EQ(symlink("/etc/ssl", (folder_ + "/link").c_str()), 0);
  EXPECT_EQ(ResolvePath("link/../passwd", folder_).resolved, folder_ + "/passwd");
  EXPECT_EQ(PathResolver().ResolveAsOpened("link/../passwd", folder_).resolved, "/etc/passwd");
}

TEST_F(ResolvePathTest, GivesUpOnCircles) {
  ASSERT_EQ(symlink("b", (folder_ + "/a").c_str()), 0);
  ASSERT_EQ(symlink("a", (folder_ + "/b").c_str()), 0);
  EXPECT_FALSE(ResolvePath("a/x", folder_).complete);
}

TEST_F(ResolvePathTest, ReadsOnlyRegularFilesWithinTheLimit) {
  ASSERT_EQ(mkfifo((folder_ + "/fifo").c_str(), 0600), 0);
  EXPECT_EQ(ReadRegularFile(folder_ + "/fifo", 10).status, FileContent::Status::kFailed);
  EXPECT_EQ(ReadRegularFile(folder_, 10).status, FileContent::Status::kFailed);
  EXPECT_EQ(ReadRegularFile(folder_ + "/none", 10).status, FileContent::Status::kMissing);
  EXPECT_EQ(ReadRegularFile("/etc/passwd", 1).status, FileContent::Status::kFailed);
  EXPECT_EQ(ReadRegularFile("/etc/passwd", 1 << 20).status, FileContent::Status::kRead);
}

}  // namespace
}  // namespace safe_docker
