// The folders that safe-docker is installed in, and its program, seen from where the running program lies, so that an
// installed tree can be moved. What differs between one distribution's layout and another's is in installation.cpp
// alone: one build serves every package.
#pragma once

#include <string>

namespace safe_docker::modes {

// Where safe-docker itself lies, also when one of its helpers runs.
std::string ProgramPath();

// Of the checkers that safe-docker ships with.
std::string PluginFolder();

// Of the programs that a person does not call.
std::string HelperFolder();

}  // namespace safe_docker::modes
