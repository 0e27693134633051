// Which services a command touches: the named ones and what they need, or all that the active profiles switch on.
#pragma once

#include <string_view>
#include <vector>

#include "project.hpp"
#include "sections.hpp"

namespace safe_docker::compose {

struct SelectedService {
  const Entry* service = nullptr;
  bool is_named = false;       // on the command line
  bool is_build_only = false;  // only its image is built, for another service
};

// In the order of the file. Throws Failure if a service that is named, or needed by another, does not exist.
std::vector<SelectedService> SelectServices(const Sections& sections, const Project& project, const CommandLine& line);

}  // namespace safe_docker::compose
