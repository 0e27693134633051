// One rule of the settings, and what it says where it holds.
#pragma once

#include <safe_docker/checker.hpp>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "condition.hpp"
#include "problems.hpp"

namespace safe_docker::rules {

struct Rule {
  std::string id;
  std::string title;
  std::string why;
  std::string standards;
  std::string tags;
  std::string message;
  std::string advice;
  sdp_decision strict = SDP_DENY;
  sdp_decision standard = SDP_DENY;
  sdp_decision permissive = SDP_DENY;
  std::uint32_t severity = SDP_SEVERITY_MEDIUM;
  Condition when;
};

// The rules of `settings`, of which all that is wrong goes to `problems`.
std::vector<Rule> ReadRules(const nlohmann::json& settings, Problems* problems);

// As the contract has it; views into `rule`.
sdp_rule Describe(const Rule& rule);

// The words in braces that a message may use: "{path}".
std::span<const std::string_view> Placeholders();

// `text` with its words in braces filled in. `effect` may be null.
std::string FillIn(const std::string& text, const plugin::Request& request, const plugin::Effect* effect);

}  // namespace safe_docker::rules
