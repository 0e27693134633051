// Loads a shared library and finds the plugin in it, without running any of its functions but what the dynamic linker
// runs by itself. Uses Boost.DLL with std::filesystem; a library is never unloaded.
#pragma once

#include <safe_docker/plugin.h>

#include <string>

namespace safe_docker::plugins {

struct LoadedLibrary {
  const sdp_plugin* plugin = nullptr;  // null if it cannot be used
  std::string error;                   // why
};

// `path` is absolute and has been trusted.
LoadedLibrary LoadLibrary(const std::string& path);

}  // namespace safe_docker::plugins
