// Compares what bash did with what the analysis says of the same text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::oracle {

// What a text's analysis and its run have in common.
struct Comparison {
  std::vector<Call> calls;             // those of the names that matter
  std::vector<std::string> uncovered;  // why, for each call that no reported command covers
  bool is_exact = false;               // the same calls, nothing unknown
  bool asks = false;                   // an opaque part makes the hook ask
  bool has_commands = false;           // the analysis reports a command
  bool is_dangerous = false;           // a call must not be allowed
};

// `names` are those that the analysis looks for.
Comparison Compare(const Recording& recording, const shell::Analysis& analysis, const std::vector<std::string>& names);

// For people.
std::string Describe(const Call& call);
std::string Describe(const shell::Analysis& analysis);

}  // namespace safe_docker::oracle
