// What building one target would do: its fields as the options of `docker build` that mean the same, which the host
// reads by docker's own grammar, with the file and the place that say so.
#pragma once

#include <safe_docker/checker.hpp>

#include "bake_files.hpp"
#include "selection.hpp"

namespace safe_docker::bake {

// Writes one request for the build of `selected`.
void WriteBuild(const SelectedTarget& selected, const Files& files, const CommandLine& line,
                plugin::Requests& requests);

// Writes a request for a definition that nobody can read before it is used.
void WriteUnseen(const Unseen& unseen, plugin::Requests& requests);

}  // namespace safe_docker::bake
