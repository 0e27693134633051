// What requests together could do to the host, in one line: "this container could write your home, and join the host's
// network". A summary of effects for people who decide; checkers never look at it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"

namespace safe_docker::docker {

// Whose paths are nobody else's business.
struct Surroundings {
  std::string_view home;     // absolute; empty if there is none
  std::string_view project;  // the folder that is worked in
};

// Each power once, the strongest first; none if nothing of the host is reached beyond the project.
std::vector<std::string> HostPowers(std::span<const Request> requests, const Surroundings& surroundings);

// `powers` as a sentence about the container, or about the command if it makes none.
std::string HostPowerLine(std::span<const Request> requests, std::span<const std::string> powers);

}  // namespace safe_docker::docker
