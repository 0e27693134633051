// The host's services for one plugin: the functions behind sdp_host. Lives as long as the plugin; what a service gives
// back lives until EndCall.
#pragma once

#include <safe_docker/plugin.h>

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "file_system.hpp"

namespace safe_docker::plugins {

class Services {
 public:
  Services(std::string id, nlohmann::json settings);
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const sdp_host& raw() const { return raw_; }

  // What the request that the next calls are about finds around it; lives until EndCall.
  void BeginCall(const Environment& environment, const CommandInputs& inputs) {
    environment_ = &environment;
    inputs_ = &inputs;
  }
  void EndCall();
  // True for a file that was asked about in this call and is not there, if that is but one of the ways in which things
  // may go. Of no path: for any such file.
  bool WasMissing(std::string_view path) const;

 private:
  static void Log(void* context, std::int32_t level, sdp_string message) noexcept;
  static std::int32_t ResolvePath(void* context, sdp_string path, sdp_string base, sdp_path* result) noexcept;
  static std::int32_t ReadFile(void* context, sdp_string path, std::uint64_t limit, sdp_string* content) noexcept;
  static std::int32_t GetEnvironment(void* context, sdp_string name, sdp_string* value) noexcept;
  static std::int32_t Setting(void* context, sdp_string pointer, sdp_value* value) noexcept;
  static std::int32_t SettingsJson(void* context, sdp_string* json) noexcept;
  static const void* Extension(void* context, const char* id) noexcept;

  std::int32_t ReadStandardInput(std::uint64_t limit, sdp_string* content);
  std::int32_t ReadFromDisk(const std::string& path, std::uint64_t limit, sdp_string* content);
  WrittenFiles::File FindWritten(std::string_view path) const;
  void NoteMissing(std::string_view path);
  std::int32_t Give(const WrittenFiles::File& file, std::uint64_t limit, sdp_string* content);
  // Keeps `text` until EndCall.
  sdp_string Keep(std::string text);

  std::string id_;
  nlohmann::json settings_;
  std::string settings_text_;  // made when first asked for
  const Environment* environment_ = nullptr;
  const CommandInputs* inputs_ = nullptr;
  std::vector<std::string> missing_;
  PathResolver paths_;
  std::deque<std::string> texts_;
  sdp_host raw_;
};

}  // namespace safe_docker::plugins
