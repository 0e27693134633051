// Asks the host for every service, and reports the answers as notes: "service: status, answer".
#include "fault.hpp"

namespace {

std::string_view Name(std::int32_t status) {
  switch (status) {
    case SDP_OK:
      return "ok";
    case SDP_ABSENT:
      return "absent";
    case SDP_UNKNOWN:
      return "unknown";
    default:
      return "failed";
  }
}

class AsksHost {
 public:
  void Create(const fault::Host& host, fault::Findings&) { host_ = &host.raw(); }

  void Check(const fault::Request& request, fault::Findings& findings) const {
    const fault::Host host(*host_);
    for (const fault::Word argument : request.arguments()) {
      Ask(host, argument, request, findings);
    }
    host.Log(SDP_LOG_WARNING, "a warning\x1b[31m");
    host.Log(SDP_LOG_INFO, "an information");
  }

 private:
  static void Ask(const fault::Host& host, std::string_view question, const fault::Request& request,
                  fault::Findings& findings) {
    const std::size_t colon = question.find(':');
    const std::string_view service = fault::Slice(question, 0, colon);
    const std::string_view about = fault::Slice(question, colon + 1);
    std::int32_t status = SDP_FAILED;
    std::string_view answer;
    sdp_path path;
    sdp_value value{};
    sdp_string json{};
    if (service == "path") {
      status = host.ResolvePath(about, request.cwd(), &path);
      answer = fault::View(path.resolved);
    } else if (service == "file") {
      status = host.ReadFile(about, 16, &answer);
    } else if (service == "environment") {
      status = host.Environment(about, &answer);
    } else if (service == "setting") {
      status = host.Setting(about, &value) ? SDP_OK : SDP_ABSENT;
      answer = value.kind == SDP_VALUE_STRING ? fault::View(value.text) : value.integer == 2 ? "two" : "";
    } else if (service == "json") {
      status = host.raw().settings_json(host.raw().context, &json);
      answer = fault::View(json);
    } else if (service == "extension") {
      status = host.raw().extension(host.raw().context, "nobody.has/1") == nullptr ? SDP_ABSENT : SDP_OK;
    }
    findings.Report("found", SDP_ALLOW, request.evidence(), fault::Message(service, ": ", Name(status), ", ", answer));
  }

  const sdp_host* host_ = nullptr;
};

}  // namespace

SAFE_DOCKER_PLUGIN(AsksHost, fault::kDescription);
