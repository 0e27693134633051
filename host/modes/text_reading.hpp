// From a shell text to what can be judged: the docker requests in it, and what is to be said of the text itself. The
// hook and every command that judges a text by way of trial read it here.
#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"
#include "docker/request.hpp"
#include "policy/finding.hpp"

namespace safe_docker::modes {

struct ShellText {
  std::string text;
  bool is_powershell = false;
  std::string cwd;  // absolute, or an unknown part
  Environment environment;
};

struct TextReading {
  std::vector<docker::Request> requests;
  std::vector<policy::Finding> findings;
  std::vector<CommandLine> commands;  // that might be run and concern docker
};

TextReading ReadShellText(const ShellText& text);

}  // namespace safe_docker::modes
