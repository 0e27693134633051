#include "audit/record.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "audit/request_json.hpp"
#include "sha256.hpp"

namespace safe_docker::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;
constexpr std::uint64_t kNanoseconds = 1'000'000'000;

std::string MountText(const docker::Effect& effect) {
  return effect.subject + ":" + effect.target + (effect.options.empty() ? "" : ":" + effect.options);
}

// RFC 3339, UTC, with nanoseconds.
std::string TimeText(std::uint64_t unix_nano) {
  const auto seconds = static_cast<std::time_t>(unix_nano / kNanoseconds);
  std::tm parts = {};
  gmtime_r(&seconds, &parts);
  char day[32];
  std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%s.%09luZ", day, static_cast<unsigned long>(unix_nano % kNanoseconds));
  return text;
}

// What every record begins with, in this order: chain.cpp relies on it.
Json Begin(const Record& record, const char* event) {
  Json line;
  line["v"] = kSchemaVersion;
  line["id"] = record.id;
  line["time"] = TimeText(record.time_unix_nano);
  line["timestamp_unix_nano"] = record.time_unix_nano;
  line["event"] = event;
  return line;
}

std::string Dump(const Json& line) { return line.dump(-1, ' ', false, Json::error_handler_t::replace); }

void AddRules(const policy::Finding& finding, Record* record) {
  if (std::find(record->rules.begin(), record->rules.end(), finding.rule) == record->rules.end()) {
    record->rules.push_back(finding.rule);
  }
  if (finding.rule.starts_with("flags/") && !finding.written.empty()) {
    record->dangerous_flags.push_back(Readable(finding.written));
  }
}

void AddEffect(const docker::Effect& effect, Record* record) {
  if (effect.kind == SDP_EFFECT_MOUNT_HOST_PATH) {
    record->bind_mounts.push_back(Readable(MountText(effect)));
  } else if (effect.kind == SDP_EFFECT_USE_IMAGE && record->docker_image.empty()) {
    record->docker_image = Readable(effect.subject);
  }
}

}  // namespace

std::string NewId() {
  char bytes[8] = {};
  const int source = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  const bool is_random = source >= 0 && read(source, bytes, sizeof bytes) == static_cast<ssize_t>(sizeof bytes);
  if (source >= 0) {
    close(source);
  }
  if (!is_random) {
    timespec now = {};
    clock_gettime(CLOCK_REALTIME, &now);
    return Sha256Hex(std::to_string(now.tv_sec) + "." + std::to_string(now.tv_nsec) + "." + std::to_string(getpid()))
        .substr(0, 16);
  }
  return HexDigits({bytes, sizeof bytes});
}

Record MakeRecord(const std::vector<docker::Request>& requests, const policy::Verdict& verdict) {
  Record record;
  record.id = NewId();
  record.decision = verdict.decision;
  record.reason = "no objection";
  record.findings = verdict.findings;
  record.requests = requests;
  for (const policy::Finding& finding : verdict.findings) {
    if (finding.treatment == policy::Treatment::kPassed) {
      continue;  // another profile's objection
    }
    if (record.rules.empty()) {
      record.reason = finding.message;
    }
    AddRules(finding, &record);
  }
  record.docker_subcommand = requests.empty() ? "" : requests.front().command;
  for (const docker::Request& request : requests) {
    for (const docker::Effect& effect : request.effects) {
      AddEffect(effect, &record);
    }
  }
  return record;
}

Record MakeRotation(const Record& next) {
  Record record;
  record.id = NewId();
  record.time_unix_nano = next.time_unix_nano;
  record.pid = next.pid;
  record.host_name = next.host_name;
  return record;
}

std::string EncodeJsonLine(const Record& record) {
  Json line = Begin(record, "decision");
  line["session_id"] = record.session_id;
  line["agent"] = record.agent;
  line["tool"] = record.tool;
  line["mode"] = record.mode;
  line["command"] = Readable(record.command);
  line["decision"] = policy::Name(record.decision);
  line["reason"] = Readable(record.reason);
  line["rules"] = record.rules;
  line["docker_subcommand"] = record.docker_subcommand;
  line["docker_image"] = record.docker_image;
  line["bind_mounts"] = record.bind_mounts;
  line["dangerous_flags"] = record.dangerous_flags;
  line["cwd"] = Readable(record.cwd);
  line["home"] = record.home;
  line["project"] = record.project;
  line["pid"] = record.pid;
  line["host_name"] = record.host_name;
  line["environment"] = record.environment;
  line["config_source"] = record.config_source;
  line["config_hash"] = record.config_hash;
  line["profile"] = record.profile;
  line["duration_us"] = record.duration_us;
  line["redactions"] = record.redactions;
  line["answer"] = record.answer;
  line["findings"] = FindingsJson(record.findings);
  bool is_cut = record.truncated;
  line["requests"] = RequestsJson(record.requests, &is_cut);
  if (is_cut) {
    line["truncated"] = true;
  }
  return Dump(line);
}

std::string EncodeJsonRotation(const Record& record) {
  Json line = Begin(record, "rotate");
  line["pid"] = record.pid;
  line["host_name"] = record.host_name;
  return Dump(line);
}

}  // namespace safe_docker::audit
