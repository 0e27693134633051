// Reads what stands between the name of a program that runs another and the command that it runs: options by the
// program's own grammar, assignments, and operands such as the seconds of `timeout`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "runners.hpp"

namespace safe_docker::shell {

// What stands between a runner's name and its inner command.
struct Prefix {
  bool understood = true;
  std::size_t command = 0;  // where the inner command starts
  std::string text;         // of an option such as su -c
  bool has_text = false;
  std::string replacement;  // of xargs -I
  std::vector<std::pair<std::string, std::string>> assignments;
  std::string directory;  // where the command runs
  bool has_directory = false;
  bool is_login = false;
  bool starts_shell = false;        // if there is no inner command
  bool clears_environment = false;  // env -i
};

Prefix ReadPrefix(const Runner& runner, const std::vector<Word>& words);

}  // namespace safe_docker::shell
