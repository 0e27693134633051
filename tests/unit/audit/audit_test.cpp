#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "audit/audit_log.hpp"

namespace safe_docker::audit {
namespace {

Record Example() {
  docker::Request request;
  request.command = "container run";
  docker::Effect mount;
  mount.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  mount.subject = "/etc";
  mount.target = "/x";
  mount.options = "ro";
  docker::Effect image;
  image.kind = SDP_EFFECT_USE_IMAGE;
  image.subject = "docker.io/library/alpine:latest";
  request.effects = {mount, image};
  policy::Finding finding;
  finding.rule = "flags/privileged";
  finding.written = "--privileged";
  finding.message = "gives everything";
  Record record = MakeRecord({request}, policy::Merge({finding}));
  record.time_unix_nano = 1760000000123456789;
  record.mode = "hook";
  record.command = "docker run --privileged -v /etc:/x:ro alpine";
  record.pid = 7;
  return record;
}

TEST(EncodeJsonLine, HasEveryField) {
  const nlohmann::json line = nlohmann::json::parse(EncodeJsonLine(Example()));
  for (const char* field :
       {"timestamp_unix_nano", "session_id", "mode", "command", "decision", "reason", "rules", "docker_subcommand",
        "docker_image", "bind_mounts", "dangerous_flags", "cwd", "pid", "host_name", "environment", "config_source"}) {
    EXPECT_TRUE(line.contains(field)) << field;
  }
  EXPECT_EQ(line["timestamp_unix_nano"], 1760000000123456789);
  EXPECT_EQ(line["decision"], "deny");
  EXPECT_EQ(line["rules"], nlohmann::json({"flags/privileged"}));
  EXPECT_EQ(line["bind_mounts"], nlohmann::json({"/etc:/x:ro"}));
  EXPECT_EQ(line["dangerous_flags"], nlohmann::json({"--privileged"}));
  EXPECT_EQ(line["docker_image"], "docker.io/library/alpine:latest");
}

TEST(EncodeJsonLine, ReplacesBytesThatAreNoUtf8) {
  Record record = Example();
  record.command = "docker \xff\n";
  const std::string line = EncodeJsonLine(record);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(line));
}

TEST(EncodeOtlpLine, FollowsTheEncodingOfTheStandard) {
  const nlohmann::json line = nlohmann::json::parse(EncodeOtlpLine(Example()));
  const nlohmann::json& record = line["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
  EXPECT_EQ(record["timeUnixNano"], "1760000000123456789");
  EXPECT_EQ(record["severityNumber"], 17);
  EXPECT_EQ(record["eventName"], "safe_docker.decision");
  EXPECT_EQ(record["body"]["stringValue"], "gives everything");
  bool has_pid = false;
  for (const nlohmann::json& attribute : record["attributes"]) {
    EXPECT_EQ(attribute["value"].size(), 1U) << attribute;
    has_pid = has_pid || (attribute["key"] == "process.pid" && attribute["value"]["intValue"] == "7");
  }
  EXPECT_TRUE(has_pid);
  EXPECT_EQ(line["resourceLogs"][0]["resource"]["attributes"][0]["key"], "service.name");
}

class WriteTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "audit-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    settings_.jsonl_path = folder_ + "/new/folder/audit.jsonl";
    settings_.otlp_path = folder_ + "/new/folder/otlp.jsonl";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  static std::string Read(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  std::string folder_;
  policy::AuditSettings settings_;
};

TEST_F(WriteTest, AppendsLinesForTheOwnerAlone) {
  EXPECT_EQ(Write(Example(), settings_), "");
  EXPECT_EQ(Write(Example(), settings_), "");
  const std::string text = Read(settings_.jsonl_path);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  struct stat status = {};
  ASSERT_EQ(stat(settings_.jsonl_path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(settings_.otlp_path));
}

TEST_F(WriteTest, WritesTheFormatsThatAreWanted) {
  settings_.format = policy::AuditFormat::kBoth;
  EXPECT_EQ(Write(Example(), settings_), "");
  EXPECT_TRUE(std::filesystem::exists(settings_.jsonl_path));
  EXPECT_TRUE(std::filesystem::exists(settings_.otlp_path));
}

TEST_F(WriteTest, DoesNotFollowALink) {
  ASSERT_EQ(symlink("/etc/passwd", (folder_ + "/link").c_str()), 0);
  settings_.jsonl_path = folder_ + "/link";
  EXPECT_NE(Write(Example(), settings_), "");
}

TEST_F(WriteTest, DoesNotWaitForAFifo) {
  ASSERT_EQ(mkfifo((folder_ + "/fifo").c_str(), 0600), 0);
  settings_.jsonl_path = folder_ + "/fifo";
  EXPECT_NE(Write(Example(), settings_), "");
}

TEST_F(WriteTest, ShortensWhatIsTooLongForOneWrite) {
  Record record = Example();
  record.command.assign(200000, 'x');
  EXPECT_EQ(Write(record, settings_), "");
  EXPECT_LT(Read(settings_.jsonl_path).size(), 64U * 1024);
}

}  // namespace
}  // namespace safe_docker::audit
