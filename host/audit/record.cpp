#include "audit/record.hpp"

#include <algorithm>

namespace safe_docker::audit {
namespace {

std::string MountText(const docker::Effect& effect) {
  return effect.subject + ":" + effect.target + (effect.options.empty() ? "" : ":" + effect.options);
}

// Unknown parts are NUL bytes inside the host; people and log readers see "?".
std::string Readable(std::string text) {
  std::replace(text.begin(), text.end(), kUnknownPart, '?');
  return text;
}

}  // namespace

Record MakeRecord(const std::vector<docker::Request>& requests, const policy::Verdict& verdict) {
  Record record;
  record.decision = verdict.decision;
  record.reason = verdict.findings.empty() ? "no objection" : verdict.findings.front().message;
  for (const policy::Finding& finding : verdict.findings) {
    if (std::find(record.rules.begin(), record.rules.end(), finding.rule) == record.rules.end()) {
      record.rules.push_back(finding.rule);
    }
    if (finding.rule.starts_with("flags/") && !finding.written.empty()) {
      record.dangerous_flags.push_back(finding.written);
    }
  }
  if (!requests.empty()) {
    record.docker_subcommand = requests.front().command;
  }
  for (const docker::Request& request : requests) {
    for (const docker::Effect& effect : request.effects) {
      if (effect.kind == SDP_EFFECT_MOUNT_HOST_PATH) {
        record.bind_mounts.push_back(Readable(MountText(effect)));
      } else if (effect.kind == SDP_EFFECT_USE_IMAGE && record.docker_image.empty()) {
        record.docker_image = Readable(effect.subject);
      }
    }
  }
  return record;
}

std::string EncodeJsonLine(const Record& record) {
  nlohmann::ordered_json line;
  line["timestamp_unix_nano"] = record.time_unix_nano;
  line["session_id"] = record.session_id;
  line["mode"] = record.mode;
  line["command"] = record.command;
  line["decision"] = policy::Name(record.decision);
  line["reason"] = record.reason;
  line["rules"] = record.rules;
  line["docker_subcommand"] = record.docker_subcommand;
  line["docker_image"] = record.docker_image;
  line["bind_mounts"] = record.bind_mounts;
  line["dangerous_flags"] = record.dangerous_flags;
  line["cwd"] = Readable(record.cwd);
  line["pid"] = record.pid;
  line["host_name"] = record.host_name;
  line["environment"] = record.environment;
  line["config_source"] = record.config_source;
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace safe_docker::audit
