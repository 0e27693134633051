#include "plugins/loader.hpp"

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <cstdint>
#include <memory>
#include <system_error>

namespace safe_docker::plugins {
namespace {

using boost::dll::shared_library;

// Keeps a library loaded for ever: its exit handlers and threads may outlive everyone who could unload it.
class NeverUnloaded {
 public:
  NeverUnloaded() : library_() {}
  NeverUnloaded(const NeverUnloaded&) = delete;
  NeverUnloaded& operator=(const NeverUnloaded&) = delete;
  ~NeverUnloaded() {}
  shared_library& operator*() { return library_; }

 private:
  union {
    shared_library library_;
  };
};

// The functions and fields of 1.0, which all later structs begin with.
std::string Malformed(const sdp_plugin& plugin) {
  if (plugin.size < sizeof(sdp_plugin)) {
    return "its entry symbol is smaller than ABI 1.0 has it";
  }
  if (plugin.abi_major != SDP_ABI_MAJOR) {
    return "it speaks ABI major " + std::to_string(plugin.abi_major) + ", this safe-docker speaks " +
           std::to_string(SDP_ABI_MAJOR);
  }
  if (plugin.abi_minor > SDP_ABI_MINOR) {
    return "it needs ABI 1." + std::to_string(plugin.abi_minor) + ", this safe-docker has 1." +
           std::to_string(SDP_ABI_MINOR) + ": update safe-docker";
  }
  if (plugin.create == nullptr || (plugin.check == nullptr && plugin.expand == nullptr)) {
    return "it has no create function, or neither check nor expand";
  }
  return {};
}

}  // namespace

LoadedLibrary LoadLibrary(const std::string& path) {
  NeverUnloaded library;
  std::error_code failed;
  // Every symbol is bound now: a missing one found later would end the process from inside the dynamic linker.
  (*library).load(path, failed, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  if (failed) {
    const char* reason = dlerror();  // Boost's own code says "bad file descriptor" to everything
    return {nullptr, reason == nullptr ? "it cannot be loaded" : std::string("it cannot be loaded: ") + reason};
  }
  if (!(*library).has(SDP_ENTRY_SYMBOL)) {
    return {nullptr, "it has no symbol " SDP_ENTRY_SYMBOL ": no plugin, or one for another ABI major than " +
                         std::to_string(SDP_ABI_MAJOR)};
  }
  const sdp_plugin& plugin = (*library).get<const sdp_plugin>(SDP_ENTRY_SYMBOL);
  std::string error = Malformed(plugin);
  return {error.empty() ? &plugin : nullptr, std::move(error)};
}

}  // namespace safe_docker::plugins
