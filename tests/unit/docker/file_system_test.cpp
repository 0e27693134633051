#include "file_system.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace safe_docker {
namespace {

TEST(CleanPath, WorksOnTextAlone) {
  EXPECT_EQ(CleanPath("/a/./b//c/", "/x"), "/a/b/c");
  EXPECT_EQ(CleanPath("../b", "/x/y"), "/x/b");
  EXPECT_EQ(CleanPath("../../../..", "/x/y"), "/");
  EXPECT_EQ(CleanPath("", "/x"), "/x");
  EXPECT_EQ(CleanPath("/..", "/x"), "/");
  EXPECT_EQ(CleanPath("/etc/.", "/x"), "/etc");
  EXPECT_EQ(CleanPath("/etc/..", "/x"), "/");
  EXPECT_EQ(CleanPath("//etc//", "/x"), "/etc");
  EXPECT_EQ(CleanPath("/", "/x"), "/");
  // Names, whatever they look like.
  EXPECT_EQ(CleanPath(".../..ssh/x.", "/x"), "/x/.../..ssh/x.");
  EXPECT_EQ(CleanPath("~/x", "/x"), "/x/~/x");
  EXPECT_EQ(CleanPath("a b:c\nd", "/x"), "/x/a b:c\nd");
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

// A path whose last component is the only link, one in the middle, one in the place of the first folder, and a chain.
TEST_F(ResolvePathTest, FollowsLinksAtEveryComponent) {
  std::filesystem::create_directories(folder_ + "/real/inner");
  ASSERT_EQ(symlink("real", (folder_ + "/first").c_str()), 0);
  ASSERT_EQ(symlink("inner", (folder_ + "/real/middle").c_str()), 0);
  ASSERT_EQ(symlink("../../real", (folder_ + "/real/inner/last").c_str()), 0);
  EXPECT_EQ(ResolvePath("first/middle/last", folder_).resolved, folder_ + "/real");
  EXPECT_EQ(ResolvePath("first/middle/last/", folder_).resolved, folder_ + "/real");
  EXPECT_EQ(ResolvePath("first/middle/last/.", folder_).resolved, folder_ + "/real");
  EXPECT_EQ(ResolvePath("first/middle/last/..", folder_).resolved, folder_ + "/real/inner");
  EXPECT_EQ(PathResolver().ResolveAsOpened("first/middle/last/..", folder_).resolved, folder_);
  EXPECT_EQ(ResolvePath("first//middle///last/missing/tail/", folder_).resolved, folder_ + "/real/missing/tail");
}

TEST_F(ResolvePathTest, LooksAgainAfterGoingUpFromWhatIsMissing) {
  ASSERT_EQ(symlink("/etc", (folder_ + "/etc").c_str()), 0);
  ASSERT_EQ(symlink("missing/../etc", (folder_ + "/link").c_str()), 0);
  EXPECT_EQ(ResolvePath("link/passwd", folder_).resolved, "/etc/passwd");
  EXPECT_EQ(PathResolver().ResolveAsOpened("missing/deep/../../etc", folder_).resolved, "/etc");
  EXPECT_EQ(PathResolver().ResolveAsOpened("missing/deep/..", folder_).kind, ResolvedPath::Kind::kMissing);
}

TEST_F(ResolvePathTest, TakesNamesAsTheyAre) {
  for (const std::string name : {"...", "..x", " ", "a b", "a:b", "line\nbreak", "~", "x.", "e\xcc\x81", "\xc3\xa9"}) {
    std::filesystem::create_directory(folder_ + "/" + name);
    EXPECT_EQ(ResolvePath(name, folder_).resolved, folder_ + "/" + name);
    EXPECT_EQ(ResolvePath(name, folder_).kind, ResolvedPath::Kind::kDirectory) << name;
  }
}

TEST_F(ResolvePathTest, IsLinearInTheLengthOfThePath) {
  std::string path = folder_;
  for (int i = 0; i < 1000000; ++i) {
    path += "/a";
  }
  EXPECT_EQ(ResolvePath(path, "/").resolved, path);
}

TEST_F(ResolvePathTest, GivesUpOnNamesThatAreTooLong) {
  EXPECT_FALSE(ResolvePath(std::string(5000, 'a'), folder_).complete);
}

#ifdef __linux__
// What procfs keeps for a process is another thing to the engine: it is never taken for where it leads for us.
TEST_F(ResolvePathTest, FollowsNoLinkOfAProcess) {
  const struct {
    std::string path;
    std::string resolved;
  } kCases[] = {
      {"/proc/self/cwd", "/proc/self/cwd"},
      {"/proc/self/root/etc", "/proc/self/root/etc"},
      {"/proc/thread-self/root/etc", "/proc/thread-self/root/etc"},
      {"/proc/1/root/etc", "/proc/1/root/etc"},
      {"/proc/999999999/cwd", "/proc/999999999/cwd"},
      {"/proc/self/task/1/cwd/x", "/proc/self/task/1/cwd/x"},
      {"/proc/self/fd/0", "/proc/self/fd/0"},
      {"/proc/self", "/proc/self"},
      {"/proc/net/tcp", "/proc/net/tcp"},
      {"/proc/./self//root/", "/proc/self/root"},
      {"/dev/fd/63", "/proc/self/fd/63"},
      {"/dev/stdin", "/proc/self/fd/0"},
  };
  for (const auto& row : kCases) {
    const ResolvedPath resolved = ResolvePath(row.path, "/");
    EXPECT_EQ(resolved.resolved, row.resolved) << row.path;
    EXPECT_FALSE(resolved.complete) << row.path;
  }
  EXPECT_TRUE(ResolvePath("/proc/cpuinfo", "/").complete);
  EXPECT_TRUE(ResolvePath("/proc", "/").complete);
  EXPECT_TRUE(ResolvePath(folder_ + "/proc/self", "/").complete);
}

TEST_F(ResolvePathTest, EndsALinkIntoProcfsThere) {
  ASSERT_EQ(symlink("/proc/self/cwd", (folder_ + "/here").c_str()), 0);
  ASSERT_EQ(symlink("/proc/self/root/etc", (folder_ + "/etc").c_str()), 0);
  EXPECT_EQ(ResolvePath("here/x", folder_).resolved, "/proc/self/cwd/x");
  EXPECT_FALSE(ResolvePath("here/x", folder_).complete);
  EXPECT_EQ(ResolvePath("etc/passwd", folder_).resolved, "/proc/self/root/etc/passwd");
  EXPECT_FALSE(ResolvePath("etc/passwd", folder_).complete);
  // Where ".." leads from there nobody can tell, so nothing is said of it.
  EXPECT_EQ(PathResolver().ResolveAsOpened("here/../../../home", folder_).resolved, "/proc/self/cwd");
  EXPECT_FALSE(PathResolver().ResolveAsOpened("here/../../../home", folder_).complete);
}

TEST_F(ResolvePathTest, ReadsNoFileThatIsAnotherToAnotherProcess) {
  { std::ofstream(folder_ + "/file") << "text"; }
  ASSERT_EQ(symlink(("/proc/self/root" + folder_ + "/file").c_str(), (folder_ + "/link").c_str()), 0);
  EXPECT_EQ(ReadRegularFile(folder_ + "/file", 10).text, "text");
  EXPECT_EQ(ReadRegularFile("/proc/self/root" + folder_ + "/file", 10).status, FileContent::Status::kFailed);
  EXPECT_EQ(ReadRegularFile(folder_ + "/link", 10).status, FileContent::Status::kFailed);
  EXPECT_EQ(ReadRegularFile("/proc/self/environ", 1 << 20).status, FileContent::Status::kFailed);
}
#endif

class CurrentFolderTest : public ResolvePathTest {
 protected:
  void SetUp() override {
    ResolvePathTest::SetUp();
    before_ = std::filesystem::current_path();
    std::filesystem::create_directory(folder_ + "/real");
    ASSERT_EQ(symlink("real", (folder_ + "/link").c_str()), 0);
    std::filesystem::current_path(folder_ + "/real");
  }
  void TearDown() override {
    std::filesystem::current_path(before_);
    ResolvePathTest::TearDown();
  }
  std::filesystem::path before_;
};

TEST_F(CurrentFolderTest, BelievesPwdIfItIsTheSameFolder) {
  EXPECT_EQ(CurrentFolder((folder_ + "/link").c_str()), folder_ + "/link");
  EXPECT_EQ(CurrentFolder(folder_.c_str()), folder_ + "/real");
  EXPECT_EQ(CurrentFolder((folder_ + "/missing").c_str()), folder_ + "/real");
  EXPECT_EQ(CurrentFolder("."), folder_ + "/real");
  EXPECT_EQ(CurrentFolder(""), folder_ + "/real");
  EXPECT_EQ(CurrentFolder(nullptr), folder_ + "/real");
}

TEST_F(CurrentFolderTest, IsEmptyIfTheFolderIsGone) {
  std::filesystem::remove(folder_ + "/real");
  EXPECT_EQ(CurrentFolder(nullptr), "");
  EXPECT_EQ(CurrentFolder((folder_ + "/link").c_str()), "");
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
