#include "plugins/call.hpp"

namespace safe_docker::plugins {

std::string Outcome(std::string_view function, std::optional<std::int32_t> status, const CallErrors& errors) {
  const std::string call(function);
  if (!status) {
    return call + " let an exception escape";
  }
  if (!errors.violation.empty()) {
    return errors.violation;
  }
  if (!errors.error.empty()) {
    return call + " says: " + errors.error;
  }
  if (*status != SDP_OK) {
    return call + " returned " + std::to_string(*status) + " instead of success, without a reason";
  }
  return {};
}

}  // namespace safe_docker::plugins
