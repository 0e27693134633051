// One line of the native log as it is read back: what was decided, when, about what. What most readers do not ask for,
// the findings and the requests, stays JSON until somebody does. Lines of earlier versions lack some of the fields;
// those are then empty.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"
#include "policy/finding.hpp"

namespace safe_docker::audit {

// What a rule said back then.
struct LoggedFinding {
  std::string rule;
  policy::Decision raised = {};                          // by the rule itself
  policy::Decision decision = policy::Decision::kAllow;  // what came of it
  std::string treatment;                                 // "enforced", "warned", "audited", "excused"
  std::string because;
  std::string message;
  std::string written;
  std::string file;
  std::string service;
  std::uint64_t line = 0;
  std::array<policy::Decision, 3> by_profile = {};  // strict, standard, permissive; empty if not logged
};

struct LoggedDecision {
  std::string id;
  std::string event;
  std::string session;
  std::string mode;
  std::string command;
  std::string reason;
  std::string subcommand;
  std::string image;
  std::string cwd;
  std::string home;
  std::string project;
  std::string config_hash;
  std::string config_source;
  std::string profile;
  std::string answer;
  policy::Decision decision = policy::Decision::kAllow;
  std::uint64_t version = 0;  // of the format; 0 for lines from before there was one
  std::uint64_t time_unix_nano = 0;
  std::uint64_t duration_us = 0;
  bool has_duration = false;
  bool truncated = false;
  std::vector<std::string> rules;
  std::vector<std::string> bind_mounts;
  // Views of the line that it was read from.
  std::string_view findings;
  std::string_view requests;
  std::string_view line;

  // False for the log's notes about itself, as when it is rotated.
  bool is_decision() const { return event.empty() || event == "decision"; }
};

// Reads `line` into `logged`, whose memory is used again. False if it is no line of the log.
bool ReadLine(std::string_view line, LoggedDecision* logged);

// What the rules said. Lines of earlier versions name only the rules. Nothing if they cannot be read.
std::optional<std::vector<LoggedFinding>> ReadFindings(const LoggedDecision& logged);

// What docker was asked for. Nothing if the line does not hold all of it.
std::optional<std::vector<docker::Request>> ReadRequests(const LoggedDecision& logged);

// "allow", "ask" or "deny".
std::optional<policy::Decision> DecisionByName(std::string_view name);

}  // namespace safe_docker::audit
