// The services of the host for a program of its own: the files and the environment of this process. Nothing of it is
// unknown.
#pragma once

#include <safe_docker/plugin.h>

#include <deque>
#include <string>

namespace safe_docker::compose {

class LocalHost {
 public:
  LocalHost();
  LocalHost(const LocalHost&) = delete;
  LocalHost& operator=(const LocalHost&) = delete;

  // Borrows this object.
  const sdp_host& raw() const { return raw_; }

 private:
  static std::int32_t ResolvePath(void* context, sdp_string path, sdp_string base, sdp_path* result) noexcept;
  static std::int32_t ReadFile(void* context, sdp_string path, std::uint64_t limit, sdp_string* content) noexcept;
  static std::int32_t Environment(void* context, sdp_string name, sdp_string* value) noexcept;

  // Keeps `text` as long as this object.
  sdp_string Keep(std::string text);

  std::deque<std::string> texts_;
  sdp_host raw_;
};

}  // namespace safe_docker::compose
