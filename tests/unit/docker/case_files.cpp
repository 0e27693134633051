#include "case_files.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "command_lines.hpp"

namespace safe_docker::docker {
namespace {

std::string KindName(sdp_effect_kind kind) {
  constexpr const char* kNames[] = {"?",        "unknown",    "mount",         "read",       "write",     "delete",
                                    "volume",   "inherit",    "privileged",    "capability", "namespace", "device",
                                    "security", "sysctl",     "cgroup",        "host",       "build-arg", "credential",
                                    "image",    "engine",     "destroy",       "run-code",   "command",   "port",
                                    "pass-env", "api-socket", "change-engine", "runtime",    "send",      "fetch",
                                    "option",   "control",    "raw-engine",    "ordinary"};
  static_assert(std::size(kNames) == SDP_EFFECT_KIND_COUNT);
  return kNames[kind < SDP_EFFECT_KIND_COUNT ? kind : 0];
}

std::string Render(const Effect& effect, CaseStyle style) {
  const bool says_name = effect.kind != SDP_EFFECT_UNKNOWN || style.says_why_unknown;
  std::string text = KindName(effect.kind);
  text += effect.subject.empty() ? "" : " " + effect.subject;
  text += effect.name.empty() || !says_name ? "" : " name=" + effect.name;
  text += effect.target.empty() ? "" : " target=" + effect.target;
  text += effect.options.empty() ? "" : " options=" + effect.options;
  text += (effect.flags & SDP_EFFECT_READ_ONLY) != 0 ? " !read-only" : "";
  text += (effect.flags & SDP_EFFECT_UNRESOLVED) != 0 ? " !unresolved" : "";
  Replace(&text, std::string(1, kUnknownPart), "<?>");
  return text;
}

}  // namespace

std::string Render(const std::vector<Request>& requests, CaseStyle style) {
  std::string text;
  for (const Request& request : requests) {
    text += text.empty() ? "" : " // ";
    text += request.command.empty() ? "-" : request.command;
    for (const Effect& effect : request.effects) {
      const bool is_inside = effect.kind == SDP_EFFECT_USE_IMAGE || effect.kind == SDP_EFFECT_RUN_COMMAND;
      if (effect.kind != SDP_EFFECT_USE_ENGINE && (!is_inside || style.says_what_is_inside)) {
        text += " | " + Render(effect, style);
      }
    }
  }
  return text;
}

int CheckCases(const std::string& name, const std::function<std::string(const std::string& row)>& read) {
  std::ifstream file(std::string(TEST_DATA_DIR "/") + name);
  EXPECT_TRUE(file.is_open());
  std::string row;
  int number = 0;
  int cases = 0;
  while (std::getline(file, row)) {
    ++number;
    if (row.empty() || row[0] == '#') {
      continue;
    }
    const std::size_t arrow = row.find(" =>");
    if (arrow == std::string::npos) {
      ADD_FAILURE() << name << ":" << number << ": no arrow";
      continue;
    }
    const std::string expected = row.size() > arrow + 4 ? row.substr(arrow + 4) : "";
    EXPECT_EQ(read(row.substr(0, arrow)), expected) << name << ":" << number << ": " << row.substr(0, arrow);
    ++cases;
  }
  return cases;
}

const Effect* FindEffect(const std::vector<Request>& requests, sdp_effect_kind kind) {
  for (const Request& request : requests) {
    for (const Effect& effect : request.effects) {
      if (effect.kind == kind) {
        return &effect;
      }
    }
  }
  return nullptr;
}

}  // namespace safe_docker::docker
