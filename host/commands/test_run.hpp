// Runs one policy test: makes its project in a folder of its own, judges the command there with the code that the hook
// and the wrapper judge with, and compares.
#pragma once

#include <string>
#include <vector>

#include "commands/test_file.hpp"
#include "policy/finding.hpp"

namespace safe_docker::commands {

struct TestResult {
  const TestCase* test = nullptr;
  policy::Verdict verdict;
  std::string failure;  // what is not as expected; empty if all is

  bool passed() const { return failure.empty(); }
};

// `config_path`: the configuration that is tested, absolute; empty for the built-in defaults.
TestResult RunTest(const TestCase& test, const std::string& config_path);

// Whether a finding says what its rule says, rather than being let through.
bool IsInForce(const policy::Finding& finding);

}  // namespace safe_docker::commands
