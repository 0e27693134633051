// Requests of the Engine API and the programs that make them: the effects that they would have, one row a case, in
// engine_api.cases and raw_clients.cases.
#include "docker/api/engine_api.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "case_files.hpp"
#include "command_lines.hpp"
#include "docker/clients/raw_clients.hpp"

namespace safe_docker::docker {
namespace {

constexpr CaseStyle kStyle = {.says_why_unknown = false, .says_what_is_inside = true};

std::string Render(const std::vector<Request>& requests) { return Render(requests, kStyle); }

Request EmptyRequest() {
  Request request;
  request.cwd = "/home/user/project";
  request.home = "/home/user";
  return request;
}

// "METHOD TARGET [TYPE] BODY"; without a type a body is application/json, and "unseen" is a body that nobody has seen.
EngineCall ParseCall(std::string row) {
  Replace(&row, "<?>", std::string(1, kUnknownPart));
  Replace(&row, "<bom>", "\xEF\xBB\xBF");
  Replace(&row, "<long-s>", "\xC5\xBF");
  Replace(&row, "<kelvin>", "\xE2\x84\xAA");
  EngineCall call;
  const std::size_t first = row.find(' ');
  const std::size_t second = std::min(row.find(' ', first + 1), row.size());
  call.method = row.substr(0, first);
  call.target = row.substr(first + 1, second - first - 1);
  std::string rest = second < row.size() ? row.substr(second + 1) : "";
  call.content_type = rest.empty() ? "" : "application/json";
  if (rest.starts_with('[') && rest.find("] ") != std::string::npos) {
    call.content_type = rest.substr(1, rest.find(']') - 1);
    rest.erase(0, rest.find(']') + 2);
  }
  call.body = rest == "unseen" ? std::nullopt : std::optional(rest);
  return call;
}

std::string ReadCall(const std::string& row) {
  Request request = EmptyRequest();
  ReadEngineCall(ParseCall(row), &request);
  EXPECT_EQ(request.origin, SDP_ORIGIN_ENGINE_API);
  return Render({request});
}

std::string ReadLine(const std::string& row) { return Render(ReadRawClient(MakeCommandLine(row))); }

TEST(ReadEngineCall, HasTheEffectsOfEachCase) { EXPECT_GE(CheckCases("engine_api.cases", &ReadCall), 120); }

TEST(ReadRawClient, HasTheEffectsOfEachCase) { EXPECT_GE(CheckCases("raw_clients.cases", &ReadLine), 120); }

TEST(ReadEngineCall, DoubtsWhatGoesBeyondTheBounds) {
  const std::string deep = "{\"Labels\":" + std::string(200, '[') + std::string(200, ']') + "}";
  EXPECT_NE(ReadCall("POST /containers/create " + deep).find("64 levels"), std::string::npos);
  const std::string large = "{\"Image\":\"" + std::string(5 << 20, 'a') + "\"}";
  EXPECT_NE(ReadCall("POST /containers/create " + large).find("larger than 4 MiB"), std::string::npos);
  EXPECT_NE(ReadCall("GET /" + std::string(1 << 20, 'a')).find("unknown"), std::string::npos);
}

TEST(ReadEngineCall, SurvivesWhatIsNoUtf8) {
  EXPECT_NE(ReadCall("POST /containers/create {\"Image\":\"\xff\"}").find("not one JSON value"), std::string::npos);
  EXPECT_NE(ReadCall("POST /containers/%ff/start").find("container start"), std::string::npos);
}

TEST(ReadEngineCall, KeepsTheOptionsForTheListOfBlockedFlags) {
  Request request = EmptyRequest();
  ReadEngineCall(ParseCall("POST /containers/create {\"HostConfig\":{\"PidMode\":\"host\"}}"), &request);
  ASSERT_EQ(request.options.size(), 1U);
  EXPECT_EQ(request.options[0].name, "pid");
  EXPECT_EQ(request.options[0].value, "host");
  EXPECT_EQ(request.options[0].written, "HostConfig.PidMode: host");
}

TEST(ReadEngineCall, SaysWhichFieldItIsAbout) {
  Request request = EmptyRequest();
  ReadEngineCall(ParseCall("POST /containers/create {\"hostconfig\":{\"binds\":[\"/etc:/x\"]}}"), &request);
  ASSERT_FALSE(request.effects.empty());
  EXPECT_EQ(request.effects[0].evidence.written, "HostConfig.Binds: /etc:/x");
}

TEST(ReadEngineCall, NeverShowsAPassword) {
  Request request = EmptyRequest();
  ReadEngineCall(ParseCall("POST /auth {\"username\":\"me\",\"password\":\"hunter2\"}"), &request);
  for (const Effect& effect : request.effects) {
    EXPECT_EQ((effect.subject + effect.evidence.written).find("hunter2"), std::string::npos);
  }
}

TEST(IsRawClient, KnowsItsNames) {
  for (const std::string_view name : {"curl", "socat", "nc", "nsenter", "dockerd", "ctr", "runc", "buildctl"}) {
    EXPECT_TRUE(IsRawClient(name)) << name;
  }
  EXPECT_FALSE(IsRawClient("docker"));
  EXPECT_FALSE(IsRawClient("ls"));
}

TEST(ReadRawClient, NamesTheEngineAndTheHome) {
  const std::vector<Request> requests =
      ReadRawClient(MakeCommandLine("curl --unix-socket /run/../run/docker.sock http://localhost/version"));
  const Effect* engine = FindEffect(requests, SDP_EFFECT_USE_ENGINE);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(engine->subject, "unix:///run/docker.sock");
  EXPECT_EQ(engine->options, "");
  EXPECT_EQ(requests[0].engine, "unix:///run/docker.sock");
  EXPECT_EQ(requests[0].home, "/home/user");
  EXPECT_EQ(requests[0].program, "curl");
}

TEST(ReadRawClient, KnowsTheEngineOfDockerHost) {
  CommandLine line = MakeCommandLine("curl http://box:8080/containers/json");
  EXPECT_TRUE(ReadRawClient(line).empty());
  line.environment.Set("DOCKER_HOST", {Variable::State::kKnown, "tcp://box:8080"});
  EXPECT_EQ(Render(ReadRawClient(line)), "container ls | raw-engine GET /containers/json name=curl options=read");
}

TEST(ReadRawClient, KnowsAnEngineThatServesAsProxy) {
  CommandLine line = MakeCommandLine("curl http://x/info");
  line.environment.Set("http_proxy", {Variable::State::kKnown, "http://localhost:2375"});
  EXPECT_EQ(Render(ReadRawClient(line)), "system info | raw-engine GET /info name=curl options=read");
}

TEST(ReadRawClient, ReadsABodyFromStandardInput) {
  CommandLine line = MakeCommandLine("curl --unix-socket /var/run/docker.sock --json @- http://x/containers/create");
  EXPECT_NE(Render(ReadRawClient(line)).find("a body of which a part is not known"), std::string::npos)
      << Render(ReadRawClient(line));
  line.standard_input = "{\"HostConfig\":{\"Privileged\":true}}";
  line.has_standard_input = true;
  EXPECT_EQ(Render(ReadRawClient(line)),
            "container create | raw-engine POST /containers/create name=curl options=read | privileged name=container");
}

// A folder of its own, removed afterwards.
class InFolder : public testing::Test {
 protected:
  InFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "safe-docker-raw-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~InFolder() override { std::filesystem::remove_all(folder_); }

  CommandLine Line(const std::string& row) const {
    CommandLine line = MakeCommandLine(row);
    line.cwd = folder_;
    return line;
  }
  void Write(const std::string& name, const std::string& text) const { std::ofstream(folder_ + "/" + name) << text; }

  std::string folder_;
};

TEST_F(InFolder, FollowsLinksToASocket) {
  ASSERT_EQ(symlink("/var/run/docker.sock", (folder_ + "/plain").c_str()), 0);
  EXPECT_NE(Render(ReadRawClient(Line("curl --unix-socket plain http://x/info"))).find("raw-engine"),
            std::string::npos);
  EXPECT_NE(Render(ReadRawClient(Line("socat - UNIX-CONNECT:plain"))).find("raw-engine"), std::string::npos);
  EXPECT_NE(Render(ReadRawClient(Line("nc -U plain"))).find("raw-engine"), std::string::npos);
  EXPECT_EQ(Render(ReadRawClient(Line("nc -U other"))), "");
}

TEST_F(InFolder, ReadsTheFileOfABody) {
  Write("body.json", "{\"Image\":\"alpine\",\n \"HostConfig\":{\"Binds\":[\"/etc:/x\"]}}\n");
  const std::string front = "curl --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' ";
  for (const std::string_view words : {"-d @body.json", "--data-binary @./body.json", "-XPOST -T body.json"}) {
    const std::string text = Render(ReadRawClient(Line(front + std::string(words) + " http://x/containers/create")));
    EXPECT_NE(text.find("mount /etc name=bind target=/x"), std::string::npos) << text;
    EXPECT_NE(text.find("options=read"), std::string::npos) << text;
    EXPECT_NE(text.find("read " + folder_ + "/body.json name=input"), std::string::npos) << text;
  }
}

TEST_F(InFolder, DoesNotTrustAFileThatCannotBeRead) {
  ASSERT_EQ(mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
  for (const std::string_view words : {"-d @missing", "-d @pipe", "-d @/dev/stdin", "-d @."}) {
    const std::string text = Render(ReadRawClient(
        Line("curl --unix-socket /var/run/docker.sock " + std::string(words) + " http://x/containers/create")));
    EXPECT_NE(text.find("unknown"), std::string::npos) << text;
    EXPECT_EQ(text.find("options=read"), std::string::npos) << text;
  }
}

TEST_F(InFolder, LooksIntoAConfigFile) {
  Write("harmless", "silent\nurl = https://example.com\n");
  Write("engine", "unix-socket = /var/run/docker.sock\n");
  EXPECT_EQ(Render(ReadRawClient(Line("curl -K harmless"))), "");
  EXPECT_NE(Render(ReadRawClient(Line("curl -K engine http://x/info"))).find("raw-engine name=curl"),
            std::string::npos);
  EXPECT_NE(Render(ReadRawClient(Line("curl --config missing"))).find("unknown"), std::string::npos);
}

}  // namespace
}  // namespace safe_docker::docker
