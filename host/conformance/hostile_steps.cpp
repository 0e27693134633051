// What no command line makes, and what a host of another version may do: nothing of it may end the plugin.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/made_requests.hpp"
#include "conformance/ordinary_requests.hpp"
#include "conformance/steps.hpp"

namespace safe_docker::conformance {
namespace {

constexpr std::string_view kAnyText = "Any field may hold any bytes, or none: look at the size before the first byte.";
constexpr std::string_view kOlderHost =
    "Read a field only if it lies inside `size`, step through arrays by `stride`, and pass over kinds and flags that "
    "you "
    "do not know. List in checker.hpp does so.";
constexpr std::string_view kNoServices = "Look at what a service returns before its answer is used.";

// Whoever objects to each of 10000 effects is stopped by the host, which denies then anyway.
constexpr std::string_view kTooMany = "it reported more than 1000 findings";

std::string CommandOf(const Subject& subject) {
  Report found;
  RunIsolated(
      subject.limits,
      [&](Teller& teller) {
        Session session(subject);
        if (session.Load().empty()) {
          teller.Know("command", WantedCommand(session.description()));
        }
      },
      &found);
  return found.facts["command"];
}

void TryRequests(const Subject& subject, std::string_view id, const std::vector<NamedRequest>& requests,
                 const std::string& ok, Report* report) {
  const Trial trial = {id, ok, kAnyText,
                       [&](std::size_t first, Teller& teller) {
                         AskEach(subject, {id, Offer::kAll, true, kTooMany}, requests, first, teller);
                       },
                       true};
  TryCases(subject, trial, report);
}

// Files as a project may have them that somebody has written to make trouble.
std::vector<NamedRequest> HostileFiles() {
  std::vector<NamedRequest> files;
  const auto add = [&files](std::string_view name, std::string content) {
    docker::Request holder;
    holder.source = std::move(content);
    files.push_back({std::string(name), std::move(holder)});
  };
  const auto repeat = [](std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) {
      all += text;
    }
    return all;
  };
  add("empty files", "");
  add("files of NUL bytes", std::string(4096, '\0'));
  add("files of invalid UTF-8", repeat("\xff\xfe: \xc3(\n", 1000));
  add("files with one line of 1 MB", std::string(1'000'000, 'x'));
  add("deeply nested lists", repeat("[", 20'000));
  add("deeply nested tables", repeat("{\"a\":", 20'000));
  add("deeply nested blocks", repeat("a {\n", 20'000));
  add("aliases of aliases",
      "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\n"
      "d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nservices: *e\n");
  add("a service that extends itself", "services: {a: {extends: {service: a, file: compose.yaml}}}\n");
  add("a file that includes itself", "include: [compose.yaml]\nservices: {a: {image: x}}\n");
  return files;
}

}  // namespace

void TryEveryEffect(const Subject& subject, Report* report) {
  const std::vector<NamedRequest> requests = EveryEffect(CommandOf(subject));
  TryRequests(subject, "effects", requests,
              "every kind of effect with every kind of text is judged (" + std::to_string(requests.size()) + " tried)",
              report);
}

void TryOddRequests(const Subject& subject, Report* report) {
  TryRequests(subject, "odd-requests", OddRequests(CommandOf(subject)),
              "requests with 10000 effects, with nothing, of files and for remote engines are judged", report);
}

void TryStopping(const Subject& subject, Report* report) {
  constexpr std::size_t kPatience = 100;
  const std::vector<docker::Request> requests = OrdinaryRequests(subject.folder);
  const Trial trial = {"stopping", "it stops when the host has heard enough", "Return when report does not say SDP_OK.",
                       [&](std::size_t, Teller& teller) {
                         Session session(subject);
                         teller.Doing("making it ready");
                         if (!session.Start().problem.empty() || session.raw().check == nullptr) {
                           return;
                         }
                         for (const docker::Request& request : requests) {
                           teller.Doing("`" + request.source + "`, with a sink that has heard enough");
                           if (session.Wants(request) && session.AskUntilStopped(request) > kPatience) {
                             teller.Tell({"stopping", Level::kWarning,
                                          "it goes on reporting after the host has heard enough: " + request.source,
                                          "Return when report does not say SDP_OK."});
                             return;
                           }
                         }
                       }};
  TryCases(subject, trial, report);
}

void TryHosts(const Subject& subject, Report* report) {
  const std::vector<docker::Request> requests = OrdinaryRequests(subject.folder);
  const Trial newer = {"newer-host", "it works with a host that has more than it knows", kOlderHost,
                       [&](std::size_t, Teller& teller) {
                         Problems problems("newer-host", teller);
                         Session session(subject);
                         teller.Doing("create by a newer host");
                         const Outcome start = session.Start(Offer::kNewer);
                         if (!start.problem.empty()) {
                           problems.Fail("create by a newer host", start.problem, kOlderHost);
                           return;
                         }
                         for (const docker::Request& request : requests) {
                           if (!session.Wants(request)) {
                             continue;
                           }
                           teller.Doing("`" + request.source + "` by a newer host");
                           const NewerRequest larger(request);
                           const Outcome outcome = session.Ask(request, larger.raw());
                           if (!outcome.problem.empty()) {
                             problems.Fail("`" + request.source + "`", outcome.problem, kOlderHost);
                           }
                         }
                         session.Destroy();
                       }};
  TryCases(subject, newer, report);
  std::vector<NamedRequest> named;
  for (const docker::Request& request : requests) {
    named.push_back({"`" + request.source + "`, where no service has an answer", request});
  }
  Report found;  // that it fails there is its right
  const Trial poor = {"no-services", "it lives with services of the host that fail", kNoServices,
                      [&](std::size_t first, Teller& teller) {
                        AskEach(subject, {"no-services", Offer::kNothing, true}, named, first, teller);
                      },
                      true};
  TryCases(subject, poor, &found);
  std::erase_if(found.points, [](const Point& point) { return point.level == Level::kWarning; });
  if (found.points.empty()) {
    found.Ok("no-services", std::string(poor.ok));
  }
  report->points.insert(report->points.end(), found.points.begin(), found.points.end());
}

void TryHostileFiles(const Subject& subject, Report* report) {
  const std::vector<NamedRequest> files = HostileFiles();
  const std::vector<docker::Request> requests = OrdinaryRequests(subject.folder);
  const Trial trial = {"hostile-files", "files that somebody has written to make trouble do it no harm",
                       "Bound depth and work: what is asked of a file may be anything.",
                       [&](std::size_t first, Teller& teller) {
                         Problems problems("hostile-files", teller);
                         Session session(subject);
                         teller.Begin(first, "making it ready");
                         if (!session.Start().problem.empty()) {
                           return;
                         }
                         for (std::size_t i = first; i < files.size(); ++i) {
                           session.host().AnswerFilesWith(files[i].request.source);
                           for (const docker::Request& request : requests) {
                             if (!session.Wants(request)) {
                               continue;
                             }
                             teller.Begin(i, "`" + request.source + "` with " + files[i].name);
                             const Outcome outcome = session.Ask(request);
                             if (!outcome.problem.empty() && !outcome.is_refusal) {
                               problems.Fail(files[i].name, outcome.problem,
                                             "Report what cannot be read as a finding.");
                             }
                           }
                         }
                         session.Destroy();
                       },
                       true};
  TryCases(subject, trial, report);
}

}  // namespace safe_docker::conformance
