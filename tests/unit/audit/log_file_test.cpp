#include "audit/log_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "audit/audit_log.hpp"
#include "audit/chain.hpp"

namespace safe_docker::audit {
namespace {

class LogFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "log-file-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/log";
    settings_.jsonl_path = path_;
    settings_.chain = true;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static std::string Read(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  static void Put(const std::string& path, const std::string& text, mode_t mode = 0600) {
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
  }
  std::string WriteRecord() const { return Write(MakeRecord({}, {}), settings_); }
  // The problem that a file like this makes.
  std::string ProblemOf() const {
    const std::string before = Read(path_);
    const std::string problem = WriteRecord();
    EXPECT_EQ(Read(path_), before);
    return problem;
  }

  std::string folder_;
  std::string path_;
  policy::AuditSettings settings_;
};

TEST_F(LogFileTest, RefusesAFileThatOthersMayWriteTo) {
  Put(path_, "", 0620);
  EXPECT_NE(ProblemOf().find("others may write"), std::string::npos);
  Put(path_, "", 0602);
  EXPECT_NE(ProblemOf().find("others may write"), std::string::npos);
}

TEST_F(LogFileTest, RefusesASecondName) {
  Put(path_, "");
  ASSERT_EQ(link(path_.c_str(), (folder_ + "/other").c_str()), 0);
  EXPECT_NE(ProblemOf().find("second name"), std::string::npos);
}

TEST_F(LogFileTest, RefusesALinkInTheLocksPlace) {
  Put(folder_ + "/precious", "");
  ASSERT_EQ(symlink((folder_ + "/precious").c_str(), (path_ + ".lock").c_str()), 0);
  EXPECT_NE(WriteRecord(), "");
}

TEST_F(LogFileTest, LetsReadersOfAGroupBe) {
  Put(path_, "", 0640);
  EXPECT_EQ(WriteRecord(), "");
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(LogFileTest, EndsHalfALineBeforeTheNext) {
  settings_.chain = false;
  Put(path_, "{\"v\":1,\"half");
  EXPECT_EQ(WriteRecord(), "");
  EXPECT_EQ(Read(path_).find("{\"v\":1,\"half\n{\"v\":1,"), 0U);
}

TEST_F(LogFileTest, ChainsOverHalfALineAndForeignLines) {
  EXPECT_EQ(WriteRecord(), "");
  const Link first = *LastLink(Read(path_));
  Put(path_, Read(path_) + "{\"foreign\":1}\n{\"half");
  EXPECT_EQ(WriteRecord(), "");
  const Link second = *LastLink(Read(path_));
  EXPECT_EQ(second.seq, 2U);
  EXPECT_EQ(second.prev, first.hash);
}

TEST_F(LogFileTest, ChainsBehindAVeryLongRest) {
  EXPECT_EQ(WriteRecord(), "");
  Put(path_, Read(path_) + std::string(200'000, 'x'));
  EXPECT_EQ(WriteRecord(), "");
  EXPECT_EQ(LastLink(Read(path_))->seq, 2U);
}

// Killed between the two names of a rotation.
TEST_F(LogFileTest, GoesOnBehindARotationThatWasNotFinished) {
  EXPECT_EQ(WriteRecord(), "");
  const Link first = *LastLink(Read(path_));
  ASSERT_EQ(rename(path_.c_str(), (path_ + ".1").c_str()), 0);
  Put(path_ + ".new", "left over");
  EXPECT_EQ(WriteRecord(), "");
  const std::string text = Read(path_);
  EXPECT_NE(text.find("\"event\":\"rotate\""), std::string::npos);
  EXPECT_EQ(ReadLink(text.substr(0, text.find('\n')))->prev, first.hash);
  EXPECT_EQ(LastLink(text)->seq, 3U);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(LogFileTest, KeepsAsManyRotatedFilesAsItMay) {
  LogFile::Limits limits;
  limits.largest = 10;
  limits.keep = 2;
  for (int number = 0; number < 6; ++number) {
    LogFile file(path_, limits);
    ASSERT_TRUE(file.Lock());
    if (!file.Open(8)) {
      ASSERT_TRUE(file.Begin("")) << file.problem();
    }
    ASSERT_TRUE(file.Append("line " + std::to_string(number), /*sync=*/true)) << file.problem();
  }
  EXPECT_EQ(Read(path_), "line 5\n");
  EXPECT_EQ(Read(path_ + ".1"), "line 4\n");
  EXPECT_EQ(Read(path_ + ".2"), "line 3\n");
  EXPECT_FALSE(std::filesystem::exists(path_ + ".3"));
}

TEST_F(LogFileTest, GivesUpOnALockThatIsNeverFreed) {
  const Descriptor other(open((path_ + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(flock(other.get(), LOCK_EX), 0);
  LogFile::Limits limits;
  limits.patience = std::chrono::milliseconds(20);
  LogFile file(path_, limits);
  EXPECT_FALSE(file.Lock());
  EXPECT_NE(file.problem().find("lock"), std::string::npos);
}

TEST_F(LogFileTest, WritesWhatTheLevelWants) {
  settings_.log = policy::AuditLevel::kAskAndDeny;
  EXPECT_EQ(WriteRecord(), "");
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST(Chain, SealsARecord) {
  const std::string record = R"({"v":1,"timestamp_unix_nano":5,"event":"decision","command":",\"event\":"})";
  const std::string line = Seal(record, {7, 0, "", std::string(64, 'a')});
  const std::optional<Link> link = ReadLink(line);
  ASSERT_TRUE(link);
  EXPECT_EQ(link->seq, 8U);
  EXPECT_EQ(link->time_unix_nano, 5U);
  EXPECT_EQ(link->prev, std::string(64, 'a'));
  EXPECT_EQ(link->hash, HashOf(line));
  EXPECT_TRUE(nlohmann::json::accept(line));
}

TEST(Chain, HasNoLinkWithoutOne) {
  EXPECT_FALSE(ReadLink(""));
  EXPECT_FALSE(ReadLink(R"({"v":1,"event":"decision"})"));
  EXPECT_FALSE(LastLink("\n\n{}\n"));
}

}  // namespace
}  // namespace safe_docker::audit
