#include "local_host.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <safe_docker/checker.hpp>
#include <string>
#include <utility>

namespace safe_docker::compose {
namespace {

void Log(void* /*context*/, std::int32_t /*level*/, sdp_string /*message*/) {}
std::int32_t Setting(void* /*context*/, sdp_string /*pointer*/, sdp_value* /*value*/) { return SDP_ABSENT; }
std::int32_t SettingsJson(void* /*context*/, sdp_string* /*json*/) { return SDP_ABSENT; }
const void* Extension(void* /*context*/, const char* /*id*/) { return nullptr; }

}  // namespace

LocalHost::LocalHost()
    : raw_{sizeof(sdp_host), 0,           this,    plugin::Text("0"), Log,      ResolvePath,
           ReadFile,         Environment, Setting, SettingsJson,      Extension} {}

sdp_string LocalHost::Keep(std::string text) { return plugin::Text(texts_.emplace_back(std::move(text))); }

std::int32_t LocalHost::ResolvePath(void* /*context*/, sdp_string path, sdp_string /*base*/,
                                    sdp_path* result) noexcept {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(plugin::View(path), error);
  result->flags = (std::filesystem::exists(status) ? std::uint32_t{SDP_PATH_EXISTS} : 0U) |
                  (std::filesystem::is_directory(status) ? std::uint32_t{SDP_PATH_DIRECTORY} : 0U);
  result->clean = path;
  result->resolved = path;
  return SDP_OK;
}

std::int32_t LocalHost::ReadFile(void* context, sdp_string path, std::uint64_t limit, sdp_string* content) noexcept {
  LocalHost& host = *static_cast<LocalHost*>(context);
  const std::filesystem::path name(plugin::View(path));
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(name, error);
  if (!std::filesystem::exists(status)) {
    return SDP_ABSENT;
  }
  if (!std::filesystem::is_regular_file(status)) {
    *content = plugin::Text("not a regular file");
    return SDP_FAILED;
  }
  if (std::filesystem::file_size(name, error) > limit) {
    *content = plugin::Text("larger than the limit");
    return SDP_FAILED;
  }
  std::ifstream stream(name, std::ios::binary);
  if (!stream) {
    *content = plugin::Text("permission denied");
    return SDP_FAILED;
  }
  *content = host.Keep(std::string(std::istreambuf_iterator<char>(stream), {}));
  return SDP_OK;
}

std::int32_t LocalHost::Environment(void* context, sdp_string name, sdp_string* value) noexcept {
  LocalHost& host = *static_cast<LocalHost*>(context);
  const char* found = std::getenv(std::string(plugin::View(name)).c_str());
  if (found == nullptr) {
    return SDP_ABSENT;
  }
  *value = host.Keep(found);
  return SDP_OK;
}

}  // namespace safe_docker::compose
