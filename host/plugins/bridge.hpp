// A request as the plugin contract's structs. Borrows every text from the request, which must outlive it unchanged.
#pragma once

#include <safe_docker/plugin.h>

#include <vector>

#include "docker/request.hpp"

namespace safe_docker::plugins {

class LentRequest {
 public:
  explicit LentRequest(const docker::Request& request);
  LentRequest(const LentRequest&) = delete;
  LentRequest& operator=(const LentRequest&) = delete;

  const sdp_request& raw() const { return raw_; }

 private:
  void LendEffects(const std::vector<docker::Effect>& effects);

  std::vector<sdp_option> options_;
  std::vector<sdp_string> arguments_;
  std::vector<sdp_evidence> evidence_;  // of the effects, one each
  std::vector<sdp_effect> effects_;
  sdp_evidence request_evidence_;
  sdp_request raw_;
};

}  // namespace safe_docker::plugins
