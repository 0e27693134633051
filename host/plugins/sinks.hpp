// Where a plugin puts its findings and its requests. Everything is copied and checked at once; the first thing that is
// wrong is kept as the plugin's violation, after which nothing more is taken. Valid for one call into the plugin.
#pragma once

#include <safe_docker/plugin.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"
#include "plugins/description.hpp"
#include "policy/finding.hpp"

namespace safe_docker::plugins {

inline constexpr std::size_t kMostFindings = 1000;
inline constexpr std::size_t kMostRequests = 10'000;
inline constexpr std::size_t kMostEffects = 100'000;

// What went wrong during one call.
struct CallErrors {
  std::string violation;  // the plugin broke the contract
  std::string error;      // why it failed, in its own words

  std::int32_t Violate(std::string what) {
    if (violation.empty()) {
      violation = std::move(what);
    }
    return SDP_FAILED;
  }
};

class FindingSink {
 public:
  // `request` is what is being judged; null if there is none, and so nothing may be found.
  FindingSink(const Description& description, const docker::Request* request, std::vector<policy::Finding>* findings);
  FindingSink(const FindingSink&) = delete;
  FindingSink& operator=(const FindingSink&) = delete;

  const sdp_finding_sink& raw() const { return raw_; }
  const CallErrors& errors() const { return errors_; }

 private:
  static std::int32_t Report(void* context, const sdp_finding* finding) noexcept;
  static void Error(void* context, sdp_string message) noexcept;
  std::int32_t Take(const sdp_finding& finding);

  const Description& description_;
  const docker::Request* request_;
  std::vector<policy::Finding>* findings_;
  std::size_t count_ = 0;
  CallErrors errors_;
  sdp_finding_sink raw_;
};

class RequestSink {
 public:
  // Requests that are complete go to `made`.
  RequestSink(const docker::Request& parent, std::vector<docker::Request>* made);
  RequestSink(const RequestSink&) = delete;
  RequestSink& operator=(const RequestSink&) = delete;

  const sdp_request_sink& raw() const { return raw_; }
  // Says what is wrong when the call is over.
  const CallErrors& Finish();

 private:
  static std::int32_t Begin(void* context, const sdp_request* request) noexcept;
  static std::int32_t Effect(void* context, const sdp_effect* effect) noexcept;
  static std::int32_t Option(void* context, sdp_string name, sdp_string value, const sdp_evidence* evidence) noexcept;
  static std::int32_t End(void* context) noexcept;
  static std::int32_t Run(void* context, sdp_string cwd, sdp_array words, const sdp_evidence* evidence) noexcept;

  std::int32_t TakeCommandLine(sdp_string cwd, const sdp_array& words, const sdp_evidence* evidence);
  std::int32_t BeginRequest(const sdp_request& request);
  bool TakeWords(const sdp_request& request);
  std::int32_t TakeEffect(const sdp_effect& effect);
  std::int32_t TakeOption(sdp_string name, sdp_string value, const sdp_evidence* evidence);
  std::int32_t EndRequest();
  // Whether the running call may go on: a request is open, or not, and nothing has been wrong before.
  bool MayGoOn(bool open);

  const docker::Request& parent_;
  std::vector<docker::Request>* made_;
  docker::Request current_;
  bool open_ = false;
  std::size_t requests_ = 0;
  std::size_t effects_ = 0;
  CallErrors errors_;
  sdp_request_sink raw_;
};

}  // namespace safe_docker::plugins
