// What podman-compose makes of a project beyond what compose does: its own settings, and values that it reads
// otherwise.
#pragma once

#include "project.hpp"
#include "sections.hpp"
#include "writer.hpp"

namespace safe_docker::compose {

// What holds for the whole project: arguments for the pod, and variables that a .env hands to podman.
void WritePodmanProject(const Project& project, Writer& out);

// A request more for a service that has such settings.
void WritePodmanService(const Entry& service, Writer& out);

}  // namespace safe_docker::compose
