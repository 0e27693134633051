// The cases of an expander as data; tests/unit/expanders/cases.cpp reads them:
//
//   === name of the case
//   --- compose.yaml            a file, below the working directory unless it is absolute
//   ...
//   !env NAME=value             a variable of the process; !unknown NAME, !unreadable PATH, !cwd PATH, !places,
//                               !program NAME
//   >>> up -d web               the command, behind the tool and its level ("docker compose")
//   web                         a request for service web
//     privileged=true           an option of `docker run`, or an effect in capitals
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fake_host.hpp"

namespace safe_docker::expanders {

struct Case {
  explicit Case(const Tool& tool) : host(tool) {}

  std::string file;
  std::string name;
  FakeHost host;
  std::vector<std::string> command;
  std::string expected;
};

// The cases of all files in `folder`.
std::vector<Case> ReadCases(const std::filesystem::path& folder, const Tool& tool);

std::string Joined(const std::vector<std::string>& lines);

// Runs the cases of all files in `folder`, of which there must be at least `least`.
void RunCases(const std::filesystem::path& folder, const Tool& tool, std::size_t least);

}  // namespace safe_docker::expanders
