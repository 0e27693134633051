// Files of policy tests: commands and what is expected of them. Reading one is strict, since a case that says something
// else than it seems to is worse than none.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/config.hpp"

namespace safe_docker::commands {

// One case, with what the file's [settings] say put in.
struct TestCase {
  std::string file;
  std::uint32_t line = 0;
  std::string name;
  // One of these three.
  std::string command;                       // a text for bash
  std::vector<std::string> arguments;        // a docker command, word by word
  std::string compose;                       // a compose file or its folder, absolute
  std::string cwd;                           // from the case's project, unless it is absolute or begins with "~"
  std::map<std::string, std::string> files;  // path and content
  std::map<std::string, std::string> links;  // path and target
  std::map<std::string, std::string> environment;
  policy::Decision expected = policy::Decision::kAllow;
  std::vector<std::string> rules;  // each must have been found
};

struct TestFile {
  std::string config;  // absolute; empty: none is named
  std::vector<TestCase> cases;
  std::vector<policy::Problem> problems;  // of which one is enough not to run anything
};

// `path` is used in messages as it is, and what the file names counts from its folder.
TestFile ReadTestFile(const std::string& path);

}  // namespace safe_docker::commands
