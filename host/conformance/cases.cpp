#include "conformance/cases.hpp"

namespace safe_docker::conformance {
namespace {

constexpr int kMostDeaths = 3;
constexpr std::string_view kSaysWhy = "The host denies whatever it fails on; let it report a finding instead.";
constexpr std::string_view kBrokenAdvice =
    "safe_docker/plugin.h says what a call may do; SAFE_DOCKER_PLUGIN keeps to it by itself.";

}  // namespace

bool TryCases(const Subject& subject, const Trial& trial, Report* report) {
  const std::size_t failures = report->Count(Level::kFailure);
  const std::size_t points = report->points.size();
  std::size_t first = 0;
  std::string former;  // how it died before
  for (int deaths = 0; deaths < kMostDeaths; ++deaths) {
    const Ending ending = RunIsolated(
        subject.limits, [&](Teller& teller) { trial.run(first, teller); }, report);
    if (ending.finished) {
      break;
    }
    if (ending.how == former) {
      report->points.back().text += ", " + ending.doing;
    } else {
      report->Fail(trial.id, "it " + ending.how + " in " + ending.doing, std::string(trial.advice));
    }
    if (!trial.has_cases || ending.reached < first || ending.how.starts_with("did not")) {
      break;  // it died before its first case, or the rest would take as long
    }
    former = ending.how;
    first = ending.reached + 1;
  }
  if (report->points.size() == points) {
    report->Ok(trial.id, std::string(trial.ok));
  }
  return report->Count(Level::kFailure) == failures;
}

void Problems::Tell(Level level, const std::string& what, const std::string& problem, std::string_view advice) {
  if (told_.find("\n" + problem + "\n") != std::string::npos) {
    return;
  }
  told_ += "\n" + problem + "\n";
  teller_.Tell({id_, level, problem + (what.empty() ? "" : " (" + what + ")"), std::string(advice)});
}

void AskEach(const Subject& subject, const Asking& asking, const std::vector<NamedRequest>& requests, std::size_t first,
             Teller& teller) {
  Problems problems(asking.id, teller);
  Session session(subject);
  teller.Begin(first, "making it ready");
  const Outcome start = session.Start(asking.offer);
  if (!start.problem.empty()) {
    if (!(start.is_refusal && asking.may_refuse)) {
      problems.Fail("", start.problem, kBrokenAdvice);
    }
    return;
  }
  for (std::size_t i = first; i < requests.size(); ++i) {
    const NamedRequest& each = requests[i];
    if (!session.Wants(each.request)) {
      continue;
    }
    teller.Begin(i, each.name);
    const Outcome outcome = session.Ask(each.request);
    if (!outcome.problem.empty() && outcome.problem != asking.tolerated) {
      if (outcome.is_refusal && asking.may_refuse) {
        problems.Warn(each.name, outcome.problem, kSaysWhy);
      } else {
        problems.Fail(each.name, outcome.problem, outcome.is_refusal ? kSaysWhy : kBrokenAdvice);
      }
    }
    if (asking.look) {
      asking.look(each, outcome);
    }
  }
  teller.Doing("ending it");
  session.Destroy();
}

std::string WantedCommand(const plugins::Description& description) {
  if (description.commands.empty() || description.commands.front() == "*") {
    return "container run";
  }
  const std::string command(description.commands.front());
  return command.ends_with(" *") ? command.substr(0, command.size() - 1) + "up" : command;
}

}  // namespace safe_docker::conformance
