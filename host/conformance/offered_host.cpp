#include "conformance/offered_host.hpp"

namespace safe_docker::conformance {
namespace {

// A minor that no host has yet.
constexpr std::uint32_t kNewerMinor = SDP_ABI_MINOR + 5;

}  // namespace

OfferedHost::OfferedHost(const sdp_host& real, Offer offer) : real_(real), raw_() {
  sdp_host& host = raw_.host;
  host = real;
  host.context = this;
  host.log = &Log;
  host.extension = &Extension;
  if (offer == Offer::kNothing) {
    host.resolve_path = [](void*, sdp_string, sdp_string, sdp_path*) -> std::int32_t { return SDP_FAILED; };
    host.read_file = [](void*, sdp_string, std::uint64_t, sdp_string* content) -> std::int32_t {
      *content = {};
      return SDP_FAILED;
    };
    host.environment = [](void*, sdp_string, sdp_string*) -> std::int32_t { return SDP_UNKNOWN; };
    host.setting = [](void*, sdp_string, sdp_value*) -> std::int32_t { return SDP_ABSENT; };
    host.settings_json = [](void*, sdp_string*) -> std::int32_t { return SDP_FAILED; };
    return;
  }
  host.resolve_path = &ResolvePath;
  host.read_file = &ReadFile;
  host.environment = &GetEnvironment;
  host.setting = &Setting;
  host.settings_json = &SettingsJson;
  if (offer == Offer::kNewer) {
    host.size = sizeof raw_;
    host.abi_minor = kNewerMinor;
  }
}

std::int32_t OfferedHost::ResolvePath(void* context, sdp_string path, sdp_string base, sdp_path* result) noexcept {
  const sdp_host& real = static_cast<OfferedHost*>(context)->real_;
  return real.resolve_path(real.context, path, base, result);
}

std::int32_t OfferedHost::ReadFile(void* context, sdp_string path, std::uint64_t limit, sdp_string* content) noexcept {
  const OfferedHost& self = *static_cast<OfferedHost*>(context);
  if (!self.content_) {
    return self.real_.read_file(self.real_.context, path, limit, content);
  }
  if (self.content_->size() > limit) {
    *content = {};
    return SDP_FAILED;
  }
  *content = {self.content_->data(), self.content_->size()};
  return SDP_OK;
}

std::int32_t OfferedHost::GetEnvironment(void* context, sdp_string name, sdp_string* value) noexcept {
  const sdp_host& real = static_cast<OfferedHost*>(context)->real_;
  return real.environment(real.context, name, value);
}

std::int32_t OfferedHost::Setting(void* context, sdp_string pointer, sdp_value* value) noexcept {
  const sdp_host& real = static_cast<OfferedHost*>(context)->real_;
  return real.setting(real.context, pointer, value);
}

std::int32_t OfferedHost::SettingsJson(void* context, sdp_string* json) noexcept {
  const sdp_host& real = static_cast<OfferedHost*>(context)->real_;
  return real.settings_json(real.context, json);
}

const void* OfferedHost::Extension(void*, const char*) noexcept { return nullptr; }

}  // namespace safe_docker::conformance
