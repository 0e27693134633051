// Who else could change a file that would be loaded as code.
#include "plugins/trust.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdio>
#include <string>

#include "test_plugins.hpp"

namespace safe_docker::plugins {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uid_t kStranger = 12345;

class TrustTest : public testing::Test {
 protected:
  TrustTest() : folder_(private_.path() + "/plugins"), file_(folder_ + "/x.so") {
    mkdir(folder_.c_str(), 0755);
    std::fclose(std::fopen(file_.c_str(), "w"));
    chmod(file_.c_str(), 0644);
  }

  void ExpectTrusted(const std::string& path) const {
    const TrustedFile result = CheckTrust(path, Trust{});
    EXPECT_EQ(result.path, file_);
    EXPECT_THAT(result.refusal, IsEmpty());
  }

  // Refused, and the refusal names the component at fault.
  static void ExpectRefused(const std::string& path, const std::string& component, const std::string& why,
                            const std::string& advice = {}) {
    const TrustedFile result = CheckTrust(path, Trust{});
    EXPECT_THAT(result.path, IsEmpty());
    EXPECT_THAT(result.refusal, AllOf(HasSubstr(component), HasSubstr(why)));
    EXPECT_THAT(result.advice, HasSubstr(advice));
  }

  PrivateFolder private_;
  std::string folder_;
  std::string file_;
};

TEST_F(TrustTest, OwnFileInOwnFolder) { ExpectTrusted(file_); }

TEST_F(TrustTest, DotsAndSlashes) { ExpectTrusted(folder_ + "//./../plugins/x.so"); }

TEST_F(TrustTest, GroupWritableFile) {
  chmod(file_.c_str(), 0664);
  ExpectRefused(file_, file_, "by its group (mode 0664)", "chmod go-w " + file_);
}

TEST_F(TrustTest, WorldWritableFile) {
  chmod(file_.c_str(), 0646);
  ExpectRefused(file_, file_, "by everyone (mode 0646)");
}

TEST_F(TrustTest, WorldWritableFolder) {
  chmod(folder_.c_str(), 0777);
  ExpectRefused(file_, folder_ + " can be written by everyone", "mode 0777", "chmod go-w " + folder_);
}

TEST_F(TrustTest, GroupWritableFolderFurtherUp) {
  chmod(private_.path().c_str(), 0770);
  ExpectRefused(file_, private_.path() + " can", "by its group");
}

TEST_F(TrustTest, StickyFolderIsFineOnTheWay) {
  chmod(private_.path().c_str(), 01777);
  ExpectTrusted(file_);
}

TEST_F(TrustTest, StickyFolderMayNotHoldTheFile) {
  chmod(folder_.c_str(), 01777);
  ExpectRefused(file_, folder_ + " can", "by everyone", "Move the file");
}

TEST_F(TrustTest, LinkIsFollowed) {
  const std::string link = private_.path() + "/link.so";
  ASSERT_EQ(symlink("plugins/x.so", link.c_str()), 0);
  ExpectTrusted(link);
}

TEST_F(TrustTest, LinkIntoWritableFolder) {
  const std::string link = private_.path() + "/link";
  ASSERT_EQ(symlink(folder_.c_str(), link.c_str()), 0);
  chmod(folder_.c_str(), 0777);
  ExpectRefused(link + "/x.so", folder_ + " can", "by everyone");
}

// The file is sound, but whoever can replace the link chooses another.
TEST_F(TrustTest, LinkThatLiesInWritableFolder) {
  const std::string open_folder = private_.path() + "/open";
  mkdir(open_folder.c_str(), 0755);
  chmod(open_folder.c_str(), 0777);
  const std::string link = open_folder + "/link.so";
  ASSERT_EQ(symlink(file_.c_str(), link.c_str()), 0);
  ExpectRefused(link, open_folder, "by everyone");
}

TEST_F(TrustTest, CircleOfLinks) {
  const std::string link = private_.path() + "/link.so";
  ASSERT_EQ(symlink("link.so", link.c_str()), 0);
  ExpectRefused(link, link, "leads nowhere");
}

TEST_F(TrustTest, MissingFile) { ExpectRefused(folder_ + "/no.so", folder_ + "/no.so", "No such file"); }

TEST_F(TrustTest, FileInsteadOfFolder) { ExpectRefused(file_ + "/y.so", file_ + "/y.so", "Not a directory"); }

TEST_F(TrustTest, FolderInsteadOfFile) {
  ExpectRefused(folder_, folder_, "not a regular file");
  ExpectRefused("/", "/", "not a regular file");
}

TEST_F(TrustTest, Fifo) {
  const std::string fifo = folder_ + "/fifo.so";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  ExpectRefused(fifo, fifo, "not a regular file");
}

TEST_F(TrustTest, PathThatIsNotAbsolute) {
  ExpectRefused("", "", "not absolute");
  ExpectRefused("x.so", "", "not absolute");
  ExpectRefused(file_ + std::string("\0.txt", 5), "", "not absolute");
}

class TrustOwnerTest : public TrustTest {
 protected:
  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "only root can give files away";
    }
  }
};

TEST_F(TrustOwnerTest, FileOfAStranger) {
  ASSERT_EQ(chown(file_.c_str(), kStranger, kStranger), 0);
  ExpectRefused(file_, file_, "belongs to user 12345", "chown");
}

TEST_F(TrustOwnerTest, FolderOfAStranger) {
  ASSERT_EQ(chown(folder_.c_str(), kStranger, kStranger), 0);
  ExpectRefused(file_, folder_ + " belongs", "user 12345");
}

TEST_F(TrustOwnerTest, LinkOfAStranger) {
  const std::string link = private_.path() + "/link.so";
  ASSERT_EQ(symlink(file_.c_str(), link.c_str()), 0);
  ASSERT_EQ(lchown(link.c_str(), kStranger, kStranger), 0);
  ExpectRefused(link, link, "belongs to user 12345");
}

TEST_F(TrustOwnerTest, FilesOfRootAndOfTheUserAreFine) {
  ASSERT_EQ(chown(file_.c_str(), kStranger, kStranger), 0);
  EXPECT_EQ(CheckTrust(file_, Trust{kStranger}).path, file_);
  ASSERT_EQ(chown(file_.c_str(), 0, 0), 0);
  EXPECT_EQ(CheckTrust(file_, Trust{kStranger}).path, file_);
}

TEST_F(TrustTest, AUsersOwnGroupMayWriteWhatTheUserMayWrite) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root can give a file to another user";
  }
  chmod(file_.c_str(), 0664);
  ASSERT_EQ(chown(file_.c_str(), 1234, 1234), 0);
  EXPECT_EQ(CheckTrust(file_, Trust{.user = 1234}).path, file_);
  ASSERT_EQ(chown(file_.c_str(), 1234, 100), 0);
  EXPECT_THAT(CheckTrust(file_, Trust{.user = 1234}).refusal, HasSubstr("by its group"));
}

}  // namespace
}  // namespace safe_docker::plugins
