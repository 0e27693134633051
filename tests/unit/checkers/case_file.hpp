// The case files: one row a case, "KIND SUBJECT WORD... -> DECISION RULE, ... [| part of the message]", or "nothing"
// behind the arrow. A further effect follows behind a "+". WORDs are KEY=VALUE or the name of a flag; a row that begins
// with "defaults" puts its words in front of those of all rows below it. "\0" is an unknown part, "\s" a blank, "#"
// begins a comment line.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "checker_harness.hpp"

namespace safe_docker::test {

struct Expected {
  sdp_decision decision = 0;
  std::string rule;
};

struct Case {
  int line = 0;
  std::string text;
  Settings settings;
  std::string rule;  // the condition of the one rule of "rules", as JSON
  std::string decision = "deny";
  TestFiles files;
  TestRequest request;
  std::vector<Expected> expected;
  std::string message;  // part of one of the messages; empty: any will do
};

// For the reports of GoogleTest.
inline void PrintTo(const Case& row, std::ostream* out) { *out << row.text; }

// All cases of `TEST_DATA_DIR/NAME.cases`. Throws where a row cannot be read, so that no case is passed over.
std::vector<Case> ReadCases(const std::string& name);

}  // namespace safe_docker::test
