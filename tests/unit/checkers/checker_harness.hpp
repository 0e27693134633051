// A host as small as a checker needs one: settings, a few links and sockets, and a place for findings. It loads a
// checker from its .so, exactly as the real host would, and hands it one request at a time.
#pragma once

#include <safe_docker/plugin.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safe_docker::test {

// Settings by name: "true" or "false" alone is a boolean, all else a list of texts.
using Settings = std::map<std::string, std::vector<std::string>, std::less<>>;

struct TestEffect {
  sdp_effect_kind kind = SDP_EFFECT_UNKNOWN;
  std::uint32_t flags = 0;
  std::string subject;
  std::string name;
  std::string target;
  std::string options;
  std::string resolved;
  std::string written;
  bool has_evidence = true;
};

struct TestRequest {
  std::uint32_t flags = 0;
  std::string home = "/home/user";
  std::string cwd = "/home/user/project";
  std::string source;
  std::string engine = "unix:///var/run/docker.sock";
  std::string program = "docker";
  std::string command = "container run";
  std::string file;  // where it is said, if that is no command line
  std::string service;
  std::vector<std::string> arguments;
  std::vector<TestEffect> effects;
  std::vector<std::pair<std::string, std::string>> options;  // name and value
};

struct Found {
  sdp_decision decision = 0;
  std::string rule;
  std::string message;
  std::string advice;
  std::string written;
};

// What lies where.
struct TestFiles {
  std::map<std::string, std::string, std::less<>> links;
  std::vector<std::string> sockets;
  std::map<std::string, std::string, std::less<>> contents;     // by absolute path
  std::map<std::string, std::string, std::less<>> environment;  // a value with a NUL byte is not known

  // `path` with the links of the map followed.
  std::string Resolve(std::string_view path) const;
};

class Checker {
 public:
  // `json`: the settings as a whole, for a checker that reads them so.
  Checker(const char* library, Settings settings, TestFiles files, std::string json = "{}");
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;
  ~Checker();

  std::vector<Found> Check(const TestRequest& request);

  const sdp_description& description() const { return *plugin_->description; }
  // Those of its description, and those that its settings made.
  std::vector<sdp_rule> rules() const;

 private:
  static Checker& Self(void* context) { return *static_cast<Checker*>(context); }
  sdp_string Keep(std::string text);
  std::int32_t ResolvePath(std::string_view path, std::string_view base, sdp_path* result);
  std::int32_t ReadFile(std::string_view path, std::uint64_t limit, sdp_string* content) const;
  std::int32_t Environment(std::string_view name, sdp_string* value) const;
  std::int32_t Setting(std::string_view pointer, sdp_value* value);
  sdp_finding_sink Sink();
  void Collect(const sdp_finding& finding);

  Settings settings_;
  TestFiles files_;
  std::string json_;
  void* library_ = nullptr;
  const sdp_plugin* plugin_ = nullptr;
  void* self_ = nullptr;
  sdp_host host_{};
  std::deque<std::string> kept_;
  std::vector<Found> found_;
  std::string error_;
};

}  // namespace safe_docker::test
