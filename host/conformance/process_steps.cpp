// What the plugin leaves behind in the process that it was a guest of.
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/ordinary_requests.hpp"
#include "conformance/process_state.hpp"
#include "conformance/steps.hpp"

namespace safe_docker::conformance {
namespace {

// The pipe to the parent lies above.
constexpr int kLastDescriptor = 199;

std::string Quote(std::string_view text) {
  std::string quoted;
  for (const char byte : text.substr(0, text.find('\n'))) {
    quoted += static_cast<unsigned char>(byte) < ' ' ? '?' : byte;
  }
  return "\"" + quoted.substr(0, 60) + "\"";
}

}  // namespace

void TryTidiness(const Subject& subject, Report* report) {
  const std::vector<docker::Request> requests = OrdinaryRequests(subject.folder);
  const Ending ending = RunIsolated(
      subject.limits,
      [&](Teller& teller) {
        const ProcessState before(kLastDescriptor);
        teller.Doing("loading it");
        Session session(subject);
        if (session.Start().problem.empty()) {
          for (const docker::Request& request : requests) {
            if (session.Wants(request)) {
              teller.Doing("`" + request.source + "`");
              session.Ask(request);
            }
          }
          teller.Doing("destroy");
          session.Destroy();
        }
        const ProcessState after(kLastDescriptor);
        for (const Difference& each : before.CompareWith(after)) {
          const bool is_ok = each.text.empty();
          teller.Tell({each.id, is_ok ? Level::kOk : Level::kFailure, is_ok ? each.ok : each.text,
                       is_ok ? std::string() : each.advice});
        }
      },
      report);
  if (!ending.finished) {
    report->Fail("descriptors", "it " + ending.how + " in " + ending.doing, "It did not when it was asked before.");
  }
  if (ending.output.empty()) {
    report->Ok("output", "it writes nothing to standard output and error");
  } else {
    report->Fail("output", "it writes to standard output or error: " + Quote(ending.output),
                 "Tell people with Host::Log, and agents with a finding: standard output is the hook's answer.");
  }
}

}  // namespace safe_docker::conformance
