// Its judgement of ordinary commands: sound findings, the same each time.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/ordinary_requests.hpp"
#include "conformance/steps.hpp"

namespace safe_docker::conformance {
namespace {

// Longer than anything that is read in a terminal.
constexpr std::size_t kLongestMessage = 1000;

std::vector<NamedRequest> Ordinary(const Subject& subject) {
  std::vector<NamedRequest> named;
  for (docker::Request& request : OrdinaryRequests(subject.folder)) {
    std::string name = "`" + request.source + "`";
    named.push_back({std::move(name), std::move(request)});
  }
  return named;
}

// An unknown part is told as the NUL byte that it is; the host replaces it.
bool IsPrintable(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < ' ' && byte != 0) || byte == 0x7f) {
      return false;
    }
    const int more = byte < 0x80 ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : -1;
    if (more < 0) {
      return false;
    }
    for (int k = 0; k < more; ++k) {
      if (++i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80) {
        return false;
      }
    }
  }
  return true;
}

void LookAtFindings(const NamedRequest& request, const Outcome& outcome, Teller& teller, Problems& problems) {
  for (const policy::Finding& finding : outcome.findings) {
    teller.Detail(request.name + ": " + finding.rule + ", " + std::string(policy::Name(finding.decision)) + ": " +
                  finding.message);
    if (!IsPrintable(finding.message) || !IsPrintable(finding.advice)) {
      problems.Warn(request.name, finding.rule + " has a message that is not one line of UTF-8",
                    "Say what and why in one sentence without line breaks.");
    }
    if (finding.message.size() > kLongestMessage || finding.advice.size() > kLongestMessage) {
      problems.Warn(request.name, finding.rule + " has a message of more than 1000 bytes",
                    "Say what and why in one sentence; cut what you quote.");
    }
    if (finding.decision != policy::Decision::kAllow && finding.advice.empty()) {
      problems.Warn(request.name, finding.rule + " objects without advice",
                    "Say in one sentence what would be allowed instead: an agent mends its command by it.");
    }
  }
}

std::string Answers(const Subject& subject, const std::vector<NamedRequest>& requests, Report* report) {
  Report found;
  const Ending ending = RunIsolated(
      subject.limits,
      [&](Teller& teller) {
        std::string all;
        const Asking asking = {"repetition", Offer::kAll, true, {}, [&](const NamedRequest&, const Outcome& outcome) {
                                 all += Describe(outcome) + "\n";
                               }};
        AskEach(subject, asking, requests, 0, teller);
        teller.Know("answers", std::to_string(std::hash<std::string>{}(all)));
      },
      &found);
  if (!ending.finished) {
    report->Fail("repetition", "it " + ending.how + " in " + ending.doing, "It did not when it was asked before.");
  }
  return found.facts["answers"];
}

}  // namespace

void TryOrdinaryRequests(const Subject& subject, Report* report) {
  const std::vector<NamedRequest> requests = Ordinary(subject);
  const Trial trial = {
      "judgement", "", "Find out with a debugger what it does there: gdb --args safe-docker explain -- 'COMMAND'.",
      [&](std::size_t first, Teller& teller) {
        Problems problems("judgement", teller);
        std::size_t asked = 0;
        std::size_t findings = 0;
        std::size_t made = 0;
        const auto look = [&](const NamedRequest& request, const Outcome& outcome) {
          ++asked;
          findings += outcome.findings.size();
          made += outcome.made.size();
          LookAtFindings(request, outcome, teller, problems);
        };
        AskEach(subject, {"judgement", Offer::kAll, false, {}, look}, requests, first, teller);
        const std::string counts = std::to_string(asked) + " of " + std::to_string(requests.size()) +
                                   " ordinary requests were shown to it: " + std::to_string(findings) + " findings" +
                                   (made > 0 ? ", " + std::to_string(made) + " further requests" : "");
        teller.Know("judgement", counts);
        teller.Know("asked", std::to_string(asked));
      },
      true};
  const std::size_t points = report->points.size();
  TryCases(subject, trial, report);
  if (report->facts["asked"] == "0") {
    report->Warn("judgement", "none of " + std::to_string(requests.size()) + " ordinary requests would be shown to it",
                 "Look at commands and effects in its description: the host shows it only requests that have both.");
  }
  if (report->points.size() == points + 1 && report->points.back().level == Level::kOk) {
    report->points.back().text = report->facts["judgement"];
  }
}

void TryRepetition(const Subject& subject, Report* report) {
  const std::vector<NamedRequest> requests = Ordinary(subject);
  const Trial trial = {
      "repetition", "it says the same of the same request, in any order and in another process",
      "It did not when it was asked before.", [&](std::size_t, Teller& teller) {
        Session session(subject);
        teller.Doing("making it ready");
        if (!session.Start().problem.empty()) {
          return;
        }
        std::vector<std::string> answers(requests.size());
        // Forwards, forwards, backwards.
        for (std::size_t k = 0; k < 3 * requests.size(); ++k) {
          const std::size_t round = k / requests.size();
          const std::size_t at = k % requests.size();
          const std::size_t i = round < 2 ? at : requests.size() - 1 - at;
          if (!session.Wants(requests[i].request)) {
            continue;
          }
          teller.Doing(requests[i].name);
          std::string answer = Describe(session.Ask(requests[i].request));
          if (round > 0 && answer != answers[i]) {
            teller.Tell({"repetition", Level::kFailure,
                         "it says something else of the same request the next time: " + requests[i].name,
                         "Judge by the request and the settings alone: no counters, clocks, random numbers or caches "
                         "that change the answer."});
            return;
          }
          answers[i] = std::move(answer);
        }
        session.Destroy();
      }};
  if (!TryCases(subject, trial, report)) {
    return;
  }
  if (Answers(subject, requests, report) != Answers(subject, requests, report)) {
    report->points.pop_back();
    report->Fail("repetition", "it says something else of the same requests in another process",
                 "Judge by the request and the settings alone: no addresses, process ids or clocks in the answer.");
  }
}

}  // namespace safe_docker::conformance
