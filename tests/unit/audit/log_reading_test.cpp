#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "audit/log_filter.hpp"
#include "audit/log_reader.hpp"
#include "audit/record.hpp"
#include "audit/statistics.hpp"
#include "audit/times.hpp"

namespace safe_docker::audit {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kNow = 1'800'000'000 * kSecond;  // 2027-01-15T08:00:00Z

struct TimeCase {
  const char* text;
  std::uint64_t seconds;
};

class Times : public testing::TestWithParam<TimeCase> {};

TEST_P(Times, AreRead) { EXPECT_EQ(ParseTime(GetParam().text, kNow), GetParam().seconds * kSecond); }

INSTANTIATE_TEST_SUITE_P(
    All, Times,
    testing::Values(TimeCase{"now", 1'800'000'000}, TimeCase{"90s", 1'799'999'910}, TimeCase{"5m", 1'799'999'700},
                    TimeCase{"1h30m", 1'799'994'600}, TimeCase{"2d", 1'799'827'200}, TimeCase{"1w", 1'799'395'200},
                    TimeCase{"9999w", 0}, TimeCase{"1970-01-01", 0}, TimeCase{"2027-01-15", 1'799'971'200},
                    TimeCase{"2027-01-15T08:00", 1'800'000'000}, TimeCase{"2027-01-15 08:00:00", 1'800'000'000},
                    TimeCase{"2027-01-15T08:00:00Z", 1'800'000'000}, TimeCase{"2027-01-15t08:00:00.25z", 1'800'000'000},
                    TimeCase{"2027-01-15T10:00:00+02:00", 1'800'000'000},
                    TimeCase{"2027-01-15T02:30:00-05:30", 1'800'000'000}, TimeCase{"2028-02-29", 1'835'395'200}));

class NoTimes : public testing::TestWithParam<const char*> {};

TEST_P(NoTimes, AreRefused) { EXPECT_EQ(ParseTime(GetParam(), kNow), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(All, NoTimes,
                         testing::Values("", "5", "m", "5x", "-5m", "5 m", "1h30", "99999999999999999999d", "2027",
                                         "2027-1-1", "2027-13-01", "2027-02-29", "2027-01-15T", "2027-01-15T8:00",
                                         "2027-01-15T25:00", "2027-01-15T08:60", "2027-01-15T08:00+2", "15.01.2027",
                                         "2027-01-15x", "2027-01-15T08:00:00Zx", "yesterday"));

TEST(FormatTime, IsReadBack) {
  EXPECT_EQ(FormatTime(kNow), "2027-01-15T08:00:00Z");
  EXPECT_EQ(ParseTime(FormatTime(kNow), 0), kNow);
  EXPECT_EQ(FormatDay(kNow), "2027-01-15");
}

LoggedDecision Read(const std::string& line) {
  LoggedDecision logged;
  EXPECT_TRUE(ReadLine(line, &logged)) << line;
  return logged;
}

TEST(ReadLine, TakesWhatIsWritten) {
  docker::Request request;
  request.program = "docker";
  request.command = "container run";
  request.cwd = "/home/me/app";
  request.evidence.file = "/home/me/app/compose.yaml";
  request.evidence.service = "web";
  request.evidence.line = 3;
  request.origin = SDP_ORIGIN_COMPOSE;
  request.flags = SDP_REQUEST_REMOTE_ENGINE;
  request.options = {{"volume", std::string("\0:/x", 4), ""}};
  request.arguments = {"alpine", "sh"};
  docker::Effect effect;
  effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  effect.flags = SDP_EFFECT_READ_ONLY;
  effect.subject = "/etc";
  effect.resolved = "/private/etc";
  effect.target = "/x";
  effect.options = "ro";
  effect.name = "bind";
  effect.evidence.written = "-v /etc:/x \"\n\u20ac";
  request.effects = {effect};
  policy::Finding finding;
  finding.rule = "mounts/outside-home";
  finding.decision = policy::Decision::kDeny;
  finding.message = "would mount /etc";
  finding.written = "-v /etc:/x";
  finding.file = "/home/me/app/compose.yaml";
  finding.line = 3;
  finding.service = "web";
  Record record = MakeRecord({request}, policy::Merge({finding}));
  record.time_unix_nano = kNow + 5;
  record.mode = "wrapper";
  record.session_id = "s";
  record.home = "/home/me";
  record.project = "/home/me/app";
  record.duration_us = 1234;
  record.answer = "yes";
  const std::string line = EncodeJsonLine(record);
  const LoggedDecision logged = Read(line);
  EXPECT_EQ(logged.version, 1U);
  EXPECT_EQ(logged.id, record.id);
  EXPECT_EQ(logged.time_unix_nano, kNow + 5);
  EXPECT_EQ(logged.mode, "wrapper");
  EXPECT_EQ(logged.session, "s");
  EXPECT_EQ(logged.project, "/home/me/app");
  EXPECT_EQ(logged.decision, policy::Decision::kDeny);
  EXPECT_EQ(logged.duration_us, 1234U);
  EXPECT_TRUE(logged.has_duration);
  EXPECT_EQ(logged.answer, "yes");
  EXPECT_EQ(logged.bind_mounts, record.bind_mounts);
  const auto findings = ReadFindings(logged);
  ASSERT_TRUE(findings && findings->size() == 1);
  EXPECT_EQ((*findings)[0].rule, finding.rule);
  EXPECT_EQ((*findings)[0].raised, policy::Decision::kDeny);
  EXPECT_EQ((*findings)[0].message, finding.message);
  EXPECT_EQ((*findings)[0].line, 3U);
  const auto requests = ReadRequests(logged);
  ASSERT_TRUE(requests && requests->size() == 1 && (*requests)[0].effects.size() == 1);
  const docker::Request& read = (*requests)[0];
  EXPECT_EQ(read.command, request.command);
  EXPECT_EQ(read.origin, request.origin);
  EXPECT_EQ(read.flags, request.flags);
  EXPECT_EQ(read.home, "/home/me");
  EXPECT_EQ(read.options.at(0).value, request.options[0].value);
  EXPECT_EQ(read.arguments, request.arguments);
  EXPECT_EQ(read.evidence.service, "web");
  EXPECT_EQ(read.effects[0].kind, effect.kind);
  EXPECT_EQ(read.effects[0].flags, effect.flags);
  EXPECT_EQ(read.effects[0].subject, effect.subject);
  EXPECT_EQ(read.effects[0].resolved, effect.resolved);
  EXPECT_EQ(read.effects[0].target, effect.target);
  EXPECT_EQ(read.effects[0].options, effect.options);
  EXPECT_EQ(read.effects[0].name, effect.name);
  EXPECT_EQ(read.effects[0].evidence.written, effect.evidence.written);
}

// A line as safe-docker wrote it before there were versions.
constexpr const char* kOldLine =
    R"({"timestamp_unix_nano":1800000000000000000,"session_id":"s1","mode":"hook","command":"docker run alpine","decision":"ask","reason":"r","rules":["flags/gpu"],"docker_subcommand":"container run","docker_image":"docker.io/library/alpine:latest","bind_mounts":["/etc:/x"],"dangerous_flags":[],"cwd":"/home/me","pid":1,"host_name":"h","environment":"development","config_source":"default"})";

TEST(ReadLine, TakesOldLines) {
  const LoggedDecision logged = Read(kOldLine);
  EXPECT_EQ(logged.version, 0U);
  EXPECT_TRUE(logged.is_decision());
  EXPECT_FALSE(logged.has_duration);
  EXPECT_EQ(ReadRequests(logged), std::nullopt);
  const auto findings = ReadFindings(logged);
  ASSERT_TRUE(findings && findings->size() == 1);
  EXPECT_EQ((*findings)[0].rule, "flags/gpu");
}

TEST(ReadLine, RefusesWhatIsNoRecord) {
  LoggedDecision logged;
  for (const char* line : {"", "x", "{}", "[]", "{\"old\": 1}", "{\"timestamp_unix_nano\":1,\"decision\":\"maybe\"}",
                           "{\"timestamp_unix_nano\":\"1\"}", "{\"timestamp_unix_nano\":1,\"rules\":[1]}",
                           "{\"timestamp_unix_nano\":1} x"}) {
    EXPECT_FALSE(ReadLine(line, &logged)) << line;
  }
}

TEST(ReadLine, ForgetsTheLineBefore) {
  LoggedDecision logged;
  ASSERT_TRUE(ReadLine(kOldLine, &logged));
  ASSERT_TRUE(ReadLine(R"({"timestamp_unix_nano":7})", &logged));
  EXPECT_EQ(logged.command, "");
  EXPECT_TRUE(logged.rules.empty());
  EXPECT_TRUE(logged.bind_mounts.empty());
  EXPECT_EQ(logged.decision, policy::Decision::kAllow);
}

struct FilterCase {
  FilterField field;
  const char* pattern;
  bool negated;
  bool matches;
};

class Filters : public testing::TestWithParam<FilterCase> {};

TEST_P(Filters, Match) {
  LogFilter filter;
  filter.Add(GetParam().field, GetParam().pattern, GetParam().negated);
  EXPECT_EQ(filter.Matches(Read(kOldLine)), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(All, Filters,
                         testing::Values(FilterCase{FilterField::kDecision, "ask", false, true},
                                         FilterCase{FilterField::kDecision, "deny", false, false},
                                         FilterCase{FilterField::kDecision, "ask", true, false},
                                         FilterCase{FilterField::kDecision, "deny", true, true},
                                         FilterCase{FilterField::kRule, "flags/*", false, true},
                                         FilterCase{FilterField::kRule, "mounts/*", false, false},
                                         FilterCase{FilterField::kMode, "hook", false, true},
                                         FilterCase{FilterField::kSession, "s1", false, true},
                                         FilterCase{FilterField::kSession, "s", false, false},
                                         FilterCase{FilterField::kImage, "*alpine*", false, true},
                                         FilterCase{FilterField::kImage, "alpine", false, false},
                                         FilterCase{FilterField::kPath, "/etc", false, true},
                                         FilterCase{FilterField::kPath, "/etc/*", false, false},
                                         FilterCase{FilterField::kPath, "/e*", true, false},
                                         FilterCase{FilterField::kProject, "*app", false, false}));

TEST(LogFilter, AlternativesAndConditions) {
  LogFilter filter;
  filter.Add(FilterField::kDecision, "deny", false);
  filter.Add(FilterField::kMode, "hook", false);
  filter.Add(FilterField::kDecision, "ask", false);
  EXPECT_TRUE(filter.Matches(Read(kOldLine)));
  filter.Add(FilterField::kMode, "h*", true);
  EXPECT_FALSE(filter.Matches(Read(kOldLine)));
}

TEST(LogFilter, UntilIsExclusive) {
  LogFilter filter;
  filter.SetUntil(kNow);
  EXPECT_FALSE(filter.Matches(Read(kOldLine)));
  filter.SetUntil(kNow + 1);
  filter.SetSince(kNow);
  EXPECT_TRUE(filter.Matches(Read(kOldLine)));
  filter.SetSince(kNow + 1);
  EXPECT_FALSE(filter.Matches(Read(kOldLine)));
}

std::string Line(std::uint64_t nano) { return "{\"timestamp_unix_nano\":" + std::to_string(nano) + "}\n"; }

class Log : public testing::Test {
 protected:
  Log() : folder_(std::filesystem::temp_directory_path() / ("log" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Log() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  static std::vector<std::uint64_t> ReadAll(LogReader* reader) {
    std::vector<std::uint64_t> times;
    LoggedDecision logged;
    while (reader->Next(&logged)) {
      times.push_back(logged.time_unix_nano);
    }
    return times;
  }

  std::filesystem::path folder_;
};

TEST_F(Log, RotatedFilesComeFirst) {
  Write("log.2", Line(1) + Line(2));
  Write("log.1", Line(3));
  Write("log.4", Line(99));  // not of this row
  const std::string path = Write("log", Line(4));
  LogReader reader(OpenLog(path));
  EXPECT_EQ(ReadAll(&reader), (std::vector<std::uint64_t>{1, 2, 3, 4}));
}

TEST_F(Log, BadLinesArePassedOver) {
  const std::string path = Write("log", Line(1) + "\n{\"half\n" + Line(2) + std::string(3, '\0') + "\n{\"timesta");
  LogReader reader(OpenLog(path));
  EXPECT_EQ(ReadAll(&reader), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(reader.bad_lines(), 3U);
  EXPECT_EQ(reader.first_bad(), path + ":3");
}

TEST_F(Log, AWholeLastLineNeedsNoEnd) {
  const std::string path = Write("log", Line(1) + R"({"timestamp_unix_nano":2})");
  Write("log.1", R"({"timestamp_unix_nano":0})" + Line(3));  // torn, and no record
  LogReader reader(OpenLog(path));
  EXPECT_EQ(ReadAll(&reader), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(reader.bad_lines(), 1U);
}

TEST_F(Log, NotesOfTheLogAreNoDecisions) {
  const std::string path = Write("log", R"({"v":1,"timestamp_unix_nano":1,"event":"rotate"})"
                                        "\n" +
                                            Line(2));
  LogReader reader(OpenLog(path));
  EXPECT_EQ(ReadAll(&reader), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(reader.bad_lines(), 0U);
}

TEST_F(Log, SharesAddUp) {
  std::string text;
  for (std::uint64_t number = 1; number <= 20000; ++number) {
    text += Line(number);
  }
  const std::string path = Write("log", text + Line(20001));
  std::vector<std::uint64_t> all;
  for (const std::uint64_t index : {0U, 1U, 2U}) {
    LogReader reader(OpenLog(path), {index, 3});
    const std::vector<std::uint64_t> part = ReadAll(&reader);
    EXPECT_EQ(part.size(), 6667U);
    all.insert(all.end(), part.begin(), part.end());
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all.size(), 20001U);
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

TEST_F(Log, LinesMayBeLong) {
  const std::string line = "{\"command\":\"" + std::string(3'000'000, 'x') + "\",\"timestamp_unix_nano\":1}\n";
  LogReader reader(OpenLog(Write("log", line + Line(2))));
  EXPECT_EQ(ReadAll(&reader), (std::vector<std::uint64_t>{1, 2}));
}

LoggedDecision Took(std::uint64_t duration_us, policy::Decision decision, std::vector<std::string> rules) {
  LoggedDecision logged;
  logged.time_unix_nano = kNow;
  logged.duration_us = duration_us;
  logged.has_duration = true;
  logged.decision = decision;
  logged.rules = std::move(rules);
  return logged;
}

TEST(Statistics, CountsByRule) {
  Statistics statistics(Property::kRule);
  for (std::uint64_t number = 1; number <= 100; ++number) {
    statistics.Add(Took(number, policy::Decision::kAllow, {}));
  }
  statistics.Add(Took(1000, policy::Decision::kDeny, {"a/x", "b/y"}));
  statistics.Add(Took(2000, policy::Decision::kAsk, {"b/y"}));
  EXPECT_EQ(statistics.total().count(), 102U);
  EXPECT_EQ(statistics.total().Percentile(50), 51U);
  EXPECT_EQ(statistics.total().Percentile(95), 97U);
  EXPECT_EQ(statistics.total().Percentile(100), 2000U);
  const auto groups = statistics.Groups();
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].first, "b/y");
  EXPECT_EQ(groups[0].second->count(), 2U);
  EXPECT_EQ(groups[0].second->Of(policy::Decision::kDeny), 1U);
  EXPECT_EQ(groups[1].first, "a/x");
}

TEST(Statistics, NothingIsKnownOfNothing) {
  const Statistics statistics(Property::kDay);
  EXPECT_EQ(statistics.total().count(), 0U);
  EXPECT_EQ(statistics.total().Percentile(50), std::nullopt);
  EXPECT_TRUE(statistics.Groups().empty());
}

}  // namespace
}  // namespace safe_docker::audit
