// What the audit log keeps of one judgement, gathered once and written in each wanted encoding. It is a record of what
// was decided; it never takes part in deciding. docs/audit.md describes the members, docs/audit.schema.json has them.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "docker/request.hpp"
#include "policy/finding.hpp"

namespace safe_docker::audit {

struct Record {
  std::string id;                    // 16 random hex digits
  std::uint64_t time_unix_nano = 0;  // when it was judged
  std::string session_id;            // of the agent; empty in wrapper mode
  std::string agent;                 // "claude-code", or empty if nobody knows
  std::string tool;                  // of the agent: "Bash"
  std::string mode;                  // "hook" or "wrapper"
  std::string command;               // the text or the words that were judged
  policy::Decision decision = policy::Decision::kAllow;
  std::string reason;              // one readable line, also for allow
  std::vector<std::string> rules;  // strongest first
  std::string docker_subcommand;   // of the first request: "container run"
  std::string docker_image;
  std::vector<std::string> bind_mounts;      // "SOURCE:TARGET[:OPTIONS]"
  std::vector<std::string> dangerous_flags;  // as written, those that a rule spoke of
  std::string cwd;
  std::string home;
  std::string project;  // the nearest folder upward that is one; empty if there is none
  int pid = 0;
  std::string host_name;
  std::string environment;    // SAFE_DOCKER_ENV
  std::string config_source;  // the files in force, or "default"
  std::string config_hash;    // of what they say
  std::string profile;
  std::uint64_t duration_us = 0;
  std::vector<std::string> redactions;  // what was taken out: "env:DB_PASSWORD", "url"
  std::string answer;                   // of the person who was asked: "yes" or "no"
  std::vector<policy::Finding> findings;
  std::vector<docker::Request> requests;
  bool truncated = false;    // something was left out because it was too long
  std::string trace_parent;  // TRACEPARENT (W3C trace context), as it was found
  std::string hash;          // of the native record, in an OTLP record beside it
};

// The record of one judgement. Fields that requests and findings say nothing of are left for the door to fill in.
Record MakeRecord(const std::vector<docker::Request>& requests, const policy::Verdict& verdict);

// The record that a file begins with which follows a rotated one.
Record MakeRotation(const Record& next);

// 16 hex digits that no other record has.
std::string NewId();

// One line of JSON without the line's end. Bytes that are no UTF-8 are replaced.
std::string EncodeJsonLine(const Record& record);
std::string EncodeJsonRotation(const Record& record);

// One line of OTLP/JSON: a LogsData object as the OpenTelemetry file exporter writes them (opentelemetry-proto 1.9).
std::string EncodeOtlpLine(const Record& record);
std::string EncodeOtlpRotation(const Record& record);

}  // namespace safe_docker::audit
