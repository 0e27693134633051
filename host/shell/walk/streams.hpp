// Where a command of a text reads from, and where what it prints goes: texts that the analysis knows, files, pipes.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace safe_docker::shell {

struct Streams {
  std::string* input = nullptr;   // what is left to be read; null: not known, or nothing that the text gives
  bool redirected = false;        // the input is a pipe or a file of the text
  int opened_at = 0;              // how deep in what may run or not the input was opened
  std::string* output = nullptr;  // null: nobody in the text reads it
  std::string* errors = nullptr;  // the same for standard error
  std::string file = {};          // where the input comes from, if that is a file alone; absolute
  std::string output_file = {};   // the same for the output
};

// A descriptor above 2.
struct Descriptor {
  std::string* input = nullptr;
  std::string file = {};
  std::string* output = nullptr;
};
using Descriptors = std::map<int, Descriptor>;

// What the redirections of one command opened. Lives as long as the command, or the shell if that was `exec`.
struct Opened {
  struct Output {
    std::string path;
    std::string text;        // printed, but not yet in the file
    bool truncates = false;  // what was in the file before goes
  };
  std::deque<std::string> inputs;
  std::deque<Output> outputs;
};

}  // namespace safe_docker::shell
