// Projects of several files, in the form of the compose plugin's cases: what the plugin hands over is well-formed, the
// same each time, and nothing that was said in one file takes away a privileged service that another one adds.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "fake_host.hpp"

namespace safe_docker::compose {
namespace {

const expanders::Tool kCompose = {"docker", "compose", "compose service", {"file", "profile", "env-file"}};

void Require(bool holds, const char* rule, const std::vector<std::string>& lines) {
  if (holds) {
    return;
  }
  std::fprintf(stderr, "broken: %s\n", rule);
  for (const std::string& line : lines) {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  std::abort();
}

// "--- NAME" begins a file; a text that begins with none is compose.yaml.
expanders::FakeHost ReadProject(std::string_view text) {
  expanders::FakeHost host(kCompose);
  std::string* content = &host.files["/home/me/app/compose.yaml"];
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.starts_with("--- ")) {
      const std::string name(line.substr(4));
      content = &host.files[name.starts_with('/') ? name : "/home/me/app/" + name];
    } else {
      *content += line;
      *content += '\n';
    }
  }
  host.variables["SET"] = "value";
  host.unknown_variables.insert("UNKNOWN");
  return host;
}

std::vector<std::string> Expand(expanders::FakeHost host, const std::vector<std::string>& words) {
  return host.Expand(words);
}

bool IsRefused(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (line.starts_with("finding ")) {
      return true;
    }
  }
  return false;
}

// A text with the harness's own marks in it would look as if they were given.
bool HoldsMark(std::string_view text) { return text.find("BROKEN") != text.npos || text.find("failed") != text.npos; }

void RequireSound(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    Require(!line.starts_with("BROKEN") && line != "failed", "what is handed over is well-formed", lines);
  }
}

void Check(std::string_view text) {
  if (HoldsMark(text)) {
    return;
  }
  const expanders::FakeHost host = ReadProject(text);
  const std::vector<std::string> lines = Expand(host, {"up"});
  RequireSound(lines);
  Require(lines == Expand(host, {"up"}), "the same project is the same each time", lines);
  RequireSound(Expand(host, {"run", "web"}));
  RequireSound(Expand(host, {"down"}));
  expanders::FakeHost more = host;
  more.files["/home/me/app/added.yaml"] = "services: {added: !override {image: x, privileged: true}}\n";
  const std::vector<std::string> with_more = Expand(more, {"-f", "compose.yaml", "-f", "added.yaml", "up"});
  bool is_seen = IsRefused(with_more);
  for (const std::string& line : with_more) {
    is_seen = is_seen || line == "  privileged=true";
  }
  Require(is_seen, "a privileged service that the last file adds is seen", with_more);
}

}  // namespace
}  // namespace safe_docker::compose

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  safe_docker::compose::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
