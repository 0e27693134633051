// One snippet, run and judged in a sandbox: what bash did, what the analysis says, what the hook answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "comparison.hpp"
#include "rows.hpp"
#include "sandbox.hpp"

namespace safe_docker::oracle {

struct Trial {
  Recording recording;
  shell::Analysis analysis;
  Comparison comparison;
  std::string verdict;  // "ask", "deny", or empty for allow
};

// The names that the analysis looks for.
const std::vector<std::string>& Names();

Trial Try(Sandbox& sandbox, const std::string& text);

// What is wrong whatever a row expects: a call that nobody has noticed, or a dangerous one that is allowed. Empty if
// nothing is.
std::string FindMiss(const Trial& trial);

// What a row expects and does not get. Empty if all is well.
std::string FindDisagreement(const Trial& trial, Expectation expectation);

// Both sides, for people.
std::string Describe(const Trial& trial);

}  // namespace safe_docker::oracle
