// Whether a file may be loaded as code: nobody but root and the user may be able to change it, or anything on the way
// to it. Keeps out the wrong files, not malice: whoever can write the configuration can switch safe-docker off anyway.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <string>

namespace safe_docker::plugins {

struct Trust {
  uid_t user = geteuid();  // who may own files, besides root
};

struct TrustedFile {
  std::string path;     // the real one, every link followed; empty if refused
  std::string refusal;  // which component, and why
  std::string advice;   // what would help
};

// Looks at each folder on the way, the links among them, and the file itself. `path` is absolute.
TrustedFile CheckTrust(const std::string& path, const Trust& trust);

}  // namespace safe_docker::plugins
