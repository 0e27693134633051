#include "takeover.hpp"

#include <safe_docker/checker.hpp>

#include "paths.hpp"

namespace safe_docker::mounts {
namespace {

using namespace plugin;

constexpr std::string_view kClient = "docker runs and obeys what lies there at its next command";
constexpr std::string_view kEngine = "the engine obeys what lies there";

// The narrower place first.
constexpr TakeoverPlace kPlaces[] = {
    {".docker/cli-plugins", kClient, true},
    {".docker", kClient, false},
    {".config/docker", kEngine, true},
    {".config/containers", kEngine, true},
    {"/etc/docker", kEngine, true},
    {"/etc/containers", kEngine, true},
    {"/var/lib/docker", kEngine, true},
    {"/usr/lib/docker", kClient, true},
    {"/usr/libexec/docker", kClient, true},
    {"/usr/local/lib/docker", kClient, true},
    {"/usr/local/libexec/docker", kClient, true},
};

bool IsAt(const TakeoverPlace& place, std::string_view path, std::string_view home) {
  if (StartsWith(place.path, '/')) {
    return home.empty() && Contains(place.path, path, Names::kFold);
  }
  if (home.empty()) {
    return false;
  }
  const bool is_plainly_below = StartsWith(path, home) && StartsWith(Slice(path, home.size()), '/');
  return is_plainly_below ? Contains(place.path, Slice(path, home.size() + 1), Names::kFold)
                          : Contains(Message(home, "/", place.path), path, Names::kFold);
}

}  // namespace

const TakeoverPlace* FindTakeover(std::string_view path, std::string_view home, bool is_mount) {
  for (const TakeoverPlace& place : kPlaces) {
    if ((place.counts_for_mounts || !is_mount) && IsAt(place, path, home)) {
      return &place;
    }
  }
  return nullptr;
}

}  // namespace safe_docker::mounts
