// What the plugin costs: memory that grows, and time for each call.
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/ordinary_requests.hpp"
#include "conformance/steps.hpp"

namespace safe_docker::conformance {
namespace {

using Clock = std::chrono::steady_clock;

// Of each of the rounds that are compared; whichever comes first.
constexpr std::size_t kCalls = 1000;
constexpr std::chrono::milliseconds kRoundTime{200};
// A call that takes longer is felt: all plugins together have about half of that.
constexpr std::chrono::microseconds kSlow{1000};
// Less than what malloc takes for the smallest piece.
constexpr std::size_t kNoise = 16;

// Bytes that malloc has given out; nothing where that cannot be told.
std::optional<std::size_t> AllocatedBytes() {
#if defined(__GLIBC__) && !defined(SAFE_DOCKER_SANITIZED)
#if __GLIBC_PREREQ(2, 33)
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
#endif
  return std::nullopt;
}

std::string Number(double number, const char* unit) {
  char text[60];
  std::snprintf(text, sizeof text, number < 10 ? "%.2f %s" : "%.0f %s", number, unit);
  return text;
}

// By how many bytes a call of `call` lets memory grow, after a first round; 0 if it does not in each of two more.
struct Growth {
  std::size_t bytes_a_call = 0;
  std::size_t calls = 0;
};
template <typename Call>
Growth Measure(const Call& call) {
  Growth growth;
  std::size_t grown[2] = {};
  std::size_t calls[2] = {};
  for (int round = -1; round < 2; ++round) {
    const std::size_t before = *AllocatedBytes();
    const Clock::time_point end = Clock::now() + kRoundTime;
    std::size_t count = 0;
    while (count < kCalls && Clock::now() < end) {
      count += call();
    }
    growth.calls += count;
    if (round >= 0) {
      const std::size_t after = *AllocatedBytes();
      grown[round] = after > before ? after - before : 0;
      calls[round] = std::max<std::size_t>(count, 1);
    }
  }
  growth.bytes_a_call = std::min(grown[0] / calls[0], grown[1] / calls[1]);
  return growth;
}

std::vector<docker::Request> Wanted(const Session& session, std::vector<docker::Request> requests) {
  std::erase_if(requests, [&session](const docker::Request& request) { return !session.Wants(request); });
  return requests;
}

}  // namespace

void TryMemory(const Subject& subject, Report* report) {
  if (!AllocatedBytes()) {
    report->Skip("memory", "how much memory is in use cannot be told here");
    return;
  }
  const std::vector<docker::Request> requests = OrdinaryRequests(subject.folder);
  const Trial trial = {
      "memory", "", "It did not end when it was asked less often: look for what it keeps from call to call.",
      [&](std::size_t, Teller& teller) {
        Session session(subject);
        teller.Doing("making it ready");
        if (!session.Start().problem.empty()) {
          return;
        }
        const std::vector<docker::Request> wanted = Wanted(session, requests);
        const Growth growth = Measure([&]() -> std::size_t {
          teller.Doing("being asked thousands of times");
          for (const docker::Request& request : wanted) {
            session.Ask(request);
          }
          return std::max<std::size_t>(wanted.size(), 1);
        });
        const std::string calls = std::to_string(growth.calls) + " calls";
        if (growth.bytes_a_call >= kNoise) {
          teller.Tell({"memory", Level::kFailure,
                       "memory grows by " + std::to_string(growth.bytes_a_call) + " bytes a call (" + calls + ")",
                       "Free what a call has allocated before it returns."});
        } else {
          teller.Tell({"memory", Level::kOk, "memory does not grow (" + calls + ")", ""});
        }
      }};
  TryCases(subject, trial, report);
}

void TryRestarts(const Subject& subject, Report* report) {
  const std::vector<docker::Request> requests = OrdinaryRequests(subject.folder);
  const Trial trial = {
      "restarts", "", "create after destroy begins anew: leave nothing in globals that the next one would find.",
      [&](std::size_t, Teller& teller) {
        Session session(subject);
        teller.Doing("making it ready");
        if (!session.Start().problem.empty()) {
          return;
        }
        if (session.raw().destroy == nullptr) {
          teller.Tell({"restarts", Level::kSkipped, "it has no destroy, so it is made ready only once", ""});
          return;
        }
        session.Destroy();
        std::string problem;
        const auto restart = [&]() -> std::size_t {
          teller.Doing("being made ready and ended many times");
          const Outcome outcome = session.Create(session.settings());
          problem = problem.empty() ? outcome.problem : problem;
          if (outcome.problem.empty()) {
            session.Destroy();
          }
          return 1;
        };
        if (!AllocatedBytes()) {
          for (int i = 0; i < 100; ++i) {
            restart();
          }
        }
        const Growth growth = AllocatedBytes() ? Measure(restart) : Growth{};
        if (!problem.empty()) {
          teller.Tell({"restarts", Level::kFailure, problem + ", after it was ended once", std::string(trial.advice)});
        } else if (growth.bytes_a_call >= kNoise) {
          teller.Tell(
              {"restarts", Level::kWarning,
               "memory grows by " + std::to_string(growth.bytes_a_call) + " bytes each time it is made ready and ended",
               "Free in destroy what create has allocated."});
        } else {
          teller.Tell({"restarts", Level::kOk, "it can be made ready and ended again and again", ""});
        }
      }};
  TryCases(subject, trial, report);
}

void TryTime(const Subject& subject, Report* report) {
  const std::vector<docker::Request> requests = OrdinaryRequests(subject.folder);
  const Trial trial = {
      "time", "", "It did not end when it was asked less often.", [&](std::size_t, Teller& teller) {
        Session session(subject);
        teller.Doing("making it ready");
        if (!session.Start().problem.empty()) {
          return;
        }
        const std::vector<docker::Request> wanted = Wanted(session, requests);
        std::vector<double> times;  // in µs
        teller.Doing("being asked many times");
        const Clock::time_point end = Clock::now() + 2 * kRoundTime;
        while (!wanted.empty() && Clock::now() < end && times.size() < kCalls) {
          for (const docker::Request& request : wanted) {
            const Clock::time_point start = Clock::now();
            session.Ask(request);
            times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
          }
        }
        if (times.empty()) {
          teller.Tell({"time", Level::kSkipped, "no request was shown to it", ""});
          return;
        }
        const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
        std::nth_element(times.begin(), middle, times.end());
        const std::string took =
            "a call takes " + Number(*middle, "µs") + " (median of " + std::to_string(times.size()) + ")";
        const bool is_slow = *middle > static_cast<double>(kSlow.count());
        teller.Tell({"time", is_slow ? Level::kWarning : Level::kOk, took,
                     is_slow
                         ? "Each docker command waits for it: prepare in create what check needs, and look up instead "
                           "of searching."
                         : ""});
      }};
  TryCases(subject, trial, report);
}

}  // namespace safe_docker::conformance
