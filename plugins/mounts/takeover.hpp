// Which places hold the programs and settings of docker's client and of engines: who can write there runs code as the
// user at the next docker command, or as root when the engine starts. Reading them gives away logins at most.
#pragma once

#include <string_view>

namespace safe_docker::mounts {

struct TakeoverPlace {
  std::string_view path;  // from the home if it is relative
  std::string_view why;   // what somebody who writes there gains, for people
  // False: a container may get it to write into (with a question), since that is how tools keep their logins.
  bool counts_for_mounts;
};

// The place that `path` lies in; null if it lies in none. `home` may be empty.
const TakeoverPlace* FindTakeover(std::string_view path, std::string_view home, bool is_mount);

}  // namespace safe_docker::mounts
