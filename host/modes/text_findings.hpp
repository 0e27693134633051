// What the text of a command gives away by itself, beside the docker commands in it: parts that nobody can follow,
// tampering with safe-docker, and files that it changes before docker looks at them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"
#include "policy/finding.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::modes {

// The findings of the text itself, whether or not there is a docker command in it.
std::vector<policy::Finding> FindInText(const shell::Analysis& analysis, const shell::Context& context);

// Files are looked at before the text runs. What the text makes of them first is therefore not known: a path behind a
// link that it makes is unresolved, and a file that it writes and sends to an engine asks. (What it writes for a
// project to read is among the inputs of the requests.)
void HeedChangedFiles(const shell::Analysis& analysis, std::vector<docker::Request>* requests,
                      std::vector<policy::Finding>* findings);

// True for a PowerShell text that has no docker in sight, or that is one simple command which bash reads alike.
bool ReadsAlikeInPowerShell(const std::string& text, const std::vector<std::string>& names);

// What is said of another.
policy::Finding PowerShellDoubt(const std::string& text);

}  // namespace safe_docker::modes
