#include "file.hpp"

#include <string>

#include "yaml.hpp"

namespace safe_docker::yaml {

FileContent ReadFile(const plugin::Host& host, std::string_view path) {
  std::string_view content;
  switch (host.ReadFile(path, kMaxFileSize, &content)) {
    case SDP_OK:
      return {content, {}};
    case SDP_UNKNOWN:
      return {{}, content};
    case SDP_ABSENT:
      FailUnreadable(path, "file " + std::string(path) + " does not exist",
                     "Name a file that exists when the command is judged.");
    default:
      FailUnreadable(path, "file " + std::string(path) + " cannot be read: " + std::string(content),
                     "Name a regular file of at most 1 MiB that you may read.");
  }
}

void Report(const Failure& failure, std::string_view advice, plugin::Findings& findings) {
  sdp_evidence evidence{};
  evidence.size = sizeof evidence;
  evidence.line = failure.line;
  evidence.column = failure.column;
  evidence.file = plugin::Text(failure.file);
  const bool is_malformed = failure.rule == FailureRule::kMalformed;
  const std::string place = is_malformed ? PlaceOf(failure) : std::string{};
  const std::string message = place.empty() ? failure.message : place + ": " + failure.message;
  findings.Report(is_malformed ? "malformed" : "unreadable", SDP_DENY, failure.file.empty() ? nullptr : &evidence,
                  message, failure.advice.empty() ? advice : failure.advice);
}

}  // namespace safe_docker::yaml
