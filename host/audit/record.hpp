// What the audit log keeps of one judgement, gathered once and written in each wanted encoding. It is a record of what
// was decided; it never takes part in deciding.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "docker/request.hpp"
#include "policy/finding.hpp"

namespace safe_docker::audit {

struct Record {
  std::uint64_t time_unix_nano = 0;  // when it was judged
  std::string session_id;            // of the agent; empty in wrapper mode
  std::string mode;                  // "hook" or "wrapper"
  std::string command;               // the text or the words that were judged
  policy::Decision decision = policy::Decision::kAllow;
  std::string reason;  // one readable line, also for allow
  std::vector<std::string> rules;
  std::string docker_subcommand;  // of the first request: "container run"
  std::string docker_image;
  std::vector<std::string> bind_mounts;      // "SOURCE:TARGET[:OPTIONS]"
  std::vector<std::string> dangerous_flags;  // as written, those that a rule spoke of
  std::string cwd;
  int pid = 0;
  std::string host_name;
  std::string environment;    // SAFE_DOCKER_ENV
  std::string config_source;  // the files in force, or "default"
};

// The record of one judgement. Fields that requests and findings say nothing of are left for the door to fill in.
Record MakeRecord(const std::vector<docker::Request>& requests, const policy::Verdict& verdict);

// One line of JSON without the line's end. Bytes that are no UTF-8 are replaced.
std::string EncodeJsonLine(const Record& record);

// One line of OTLP/JSON: a LogsData object as the OpenTelemetry file exporter writes them (opentelemetry-proto 1.9).
std::string EncodeOtlpLine(const Record& record);

}  // namespace safe_docker::audit
