// `docker buildx bake` reads compose files, too: which ones, and what of them it reads otherwise than compose. Files of
// HCL and JSON belong to another plugin.
#pragma once

#include <safe_docker/checker.hpp>

#include "project.hpp"
#include "services.hpp"
#include "yaml/arena.hpp"

namespace safe_docker::compose {

// Turns the command line of bake into that of compose which reads the same: its files are the compose files among those
// that bake would read, absolute, and its arguments are the services that are built, none for all. False if there is
// nothing for this plugin to judge.
bool ReadBakeLine(const plugin::Host& host, Arena& arena, CommandLine& line);

// What bake adds to the build of a service: the fields of x-bake.
void WriteBakeExtension(const ServiceContext& context, const Entry& build);

}  // namespace safe_docker::compose
