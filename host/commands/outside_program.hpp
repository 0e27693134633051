// Runs a program that is not ours, which may hang, crash, or print without end: with a time limit, with a bound on what
// is kept of its output, and in a process group of its own, which is ended with it.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace safe_docker::commands {

struct ProgramCall {
  std::string path;                // of the program's file
  std::vector<std::string> words;  // its name and what stands behind it
  std::string input;               // its standard input
  std::string folder = {};         // where it is run; empty: here
  std::chrono::milliseconds limit{5000};
  std::vector<std::pair<std::string, std::string>> variables = {};  // on top of the environment of this process
};

struct ProgramEnd {
  std::string problem;  // why it has no exit status: "did not end within 5 s"; empty if it has
  int exit_code = 0;
  std::string output;
  std::string errors;  // what it wrote to standard error
};

ProgramEnd RunOutside(const ProgramCall& call);

}  // namespace safe_docker::commands
