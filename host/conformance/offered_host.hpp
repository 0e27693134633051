// The host's services as a plugin may find them: all of them, as those of a host that is newer than the plugin, or with
// none that has an answer. Log lines are swallowed, because what a plugin writes by itself is looked at.
#pragma once

#include <safe_docker/plugin.h>

#include <cstdint>
#include <optional>
#include <string>

namespace safe_docker::conformance {

enum class Offer : std::uint8_t {
  kAll,
  kNewer,    // larger structs, a higher minor
  kNothing,  // every service fails
};

class OfferedHost {
 public:
  // `real` must outlive this, and this the plugin.
  OfferedHost(const sdp_host& real, Offer offer);
  OfferedHost(const OfferedHost&) = delete;
  OfferedHost& operator=(const OfferedHost&) = delete;

  // Every file that is asked for holds this, from now on.
  void AnswerFilesWith(std::string content) { content_ = std::move(content); }

  const sdp_host& raw() const { return raw_.host; }

 private:
  static void Log(void*, std::int32_t, sdp_string) noexcept {}
  static std::int32_t ResolvePath(void* context, sdp_string path, sdp_string base, sdp_path* result) noexcept;
  static std::int32_t ReadFile(void* context, sdp_string path, std::uint64_t limit, sdp_string* content) noexcept;
  static std::int32_t GetEnvironment(void* context, sdp_string name, sdp_string* value) noexcept;
  static std::int32_t Setting(void* context, sdp_string pointer, sdp_value* value) noexcept;
  static std::int32_t SettingsJson(void* context, sdp_string* json) noexcept;
  static const void* Extension(void* context, const char* id) noexcept;

  struct Larger {
    sdp_host host;
    void* appended[8];  // what a later minor may have
  };

  const sdp_host& real_;
  std::optional<std::string> content_;
  Larger raw_;
};

}  // namespace safe_docker::conformance
