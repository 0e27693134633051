// `safe-docker audit baseline` and `audit anomalies`.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "audit/baseline.hpp"
#include "audit/times.hpp"
#include "commands/audit_query.hpp"
#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/progress.hpp"
#include "commands/terminal.hpp"
#include "file_system.hpp"
#include "modes/answer.hpp"

namespace safe_docker::commands {
namespace {

using audit::Anomaly;
using audit::AnomalyFinder;
using audit::Baseline;
using modes::Printable;

constexpr std::uint64_t kLargestBaseline = 64 << 20;

std::string ShownProject(const std::string& project) {
  return project.empty() ? "(outside of projects)" : Printable(project);
}

void PrintBaseline(const Baseline& baseline) {
  std::string text;
  for (const auto& [project, past] : baseline) {
    text += (text.empty() ? "" : "\n") + ShownProject(project) + ": " + std::to_string(past.commands) +
            (past.commands == 1 ? " command" : " commands") + ", " + audit::FormatDay(past.first) + " to " +
            audit::FormatDay(past.last) + (past.is_short() ? " (too few to call anything unusual)" : "") + "\n";
    std::vector<std::pair<std::string, std::uint64_t>> rows;
    for (const auto& [deed, count] : past.deeds) {
      rows.emplace_back(deed.text, count);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [deed, count] : rows) {
      text += PadLeft(std::to_string(count), 9) + "  " + Printable(deed) + "\n";
    }
  }
  Print(text.empty() ? "nothing that was let through is in the log\n" : text);
}

// Returns what went wrong, or nothing.
std::string WriteFile(const std::string& path, std::string_view text) {
  const audit::Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) {
    return path + ": " + std::strerror(errno);
  }
  while (!text.empty()) {
    const ssize_t count = write(file.get(), text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      return path + ": " + std::strerror(errno);
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  return {};
}

// Opens what `query` means, if nothing has been wrong so far.
std::vector<audit::LineSource> OpenIfSound(AuditQuery* query) {
  return query->problem.empty() ? OpenQuery(query) : std::vector<audit::LineSource>();
}

std::optional<Baseline> ReadBaselineFile(const std::string& path, std::string* problem) {
  if (path.empty()) {
    return Baseline();
  }
  const FileContent content = ReadRegularFile(path, kLargestBaseline);
  std::optional<Baseline> baseline;
  if (content.status == FileContent::Status::kRead) {
    baseline = audit::ReadBaseline(content.text);
  }
  if (!baseline) {
    *problem = path + (content.status == FileContent::Status::kMissing
                           ? ": there is no such file; `safe-docker audit baseline -o` writes one"
                       : content.status == FileContent::Status::kFailed ? ": " + content.error
                                                                        : ": no baseline of `audit baseline -o`");
  }
  return baseline;
}

void PrintAnomalies(const AnomalyFinder& finder) {
  const Terminal terminal = Terminal::OfOutput();
  std::vector<Anomaly> anomalies = finder.anomalies();
  std::stable_sort(anomalies.begin(), anomalies.end(),
                   [](const Anomaly& left, const Anomaly& right) { return left.project < right.project; });
  std::string text;
  std::string project = "\n";  // none has this name
  for (const Anomaly& anomaly : anomalies) {
    if (anomaly.project != project) {
      project = anomaly.project;
      text += (text.empty() ? "" : "\n") + ShownProject(project) + "\n";
    }
    text += "  " + audit::FormatTime(anomaly.time_unix_nano) + "  " +
            terminal.Paint(anomaly.decision, PadRight(policy::Name(anomaly.decision), 5)) + "  " +
            Printable(anomaly.Describe()) +
            (anomaly.times > 1 ? " (" + std::to_string(anomaly.times) + " times in all)" : "") + "\n      " +
            Shorten(Printable(anomaly.command), terminal.columns > 40 ? terminal.columns - 26 : 160) +
            (anomaly.id.empty() ? "" : "  " + terminal.PaintFaint(Printable(anomaly.id))) + "\n";
  }
  const auto is_short = [](const auto& each) { return each.second.is_short(); };
  const auto short_pasts = std::count_if(finder.past().begin(), finder.past().end(), is_short);
  text += anomalies.empty() ? "nothing unusual\n" : "";
  if (short_pasts > 0) {
    text += (short_pasts == 1 ? "1 project has" : std::to_string(short_pasts) + " projects have") +
            std::string(" fewer than 20 commands in the past: too few to compare with\n");
  }
  Print(text);
}

void PrintJson(const AnomalyFinder& finder) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Anomaly& anomaly : finder.anomalies()) {
    nlohmann::ordered_json one;
    one["project"] = anomaly.project;
    one["time"] = audit::FormatTime(anomaly.time_unix_nano);
    one["id"] = anomaly.id;
    one["decision"] = policy::Name(anomaly.decision);
    one["command"] = anomaly.command;
    one["does"] = anomaly.deed.text;
    one["commands_before"] = anomaly.commands;
    one["times"] = anomaly.times;
    one["why"] = anomaly.Describe();
    json.push_back(std::move(one));
  }
  Print(AsciiJson(json) + "\n");
}

int RunBaseline(const Options& options) {
  AuditQuery query = ReadAuditQuery(options);
  std::vector<audit::LineSource> sources = OpenIfSound(&query);
  if (!query.problem.empty()) {
    return RefuseArguments(query.problem);
  }
  audit::LogReader reader(std::move(sources));
  Progress progress(Reading(query.name()));
  Watch(&reader, &progress);
  audit::LoggedDecision logged;
  Baseline baseline;
  while (reader.Next(&logged)) {
    if (audit::IsLearnt(logged) && query.filter.Matches(logged)) {
      baseline[logged.project].Add(logged, audit::DeedsOf(logged));
    }
  }
  progress.End();
  WarnOfBadLines(reader);
  const std::optional<std::string> path = options.Last("--output");
  if (path) {
    const std::string problem = WriteFile(*path, audit::WriteBaseline(baseline));
    return problem.empty() ? 0 : RefuseArguments(problem);
  }
  if (options.Has("--json")) {
    Print(audit::WriteBaseline(baseline));
  } else {
    PrintBaseline(baseline);
  }
  return 0;
}

int RunAnomalies(const Options& options) {
  AuditQuery query = ReadAuditQuery(options);
  std::optional<Baseline> past = Baseline();
  if (query.problem.empty()) {
    past = ReadBaselineFile(options.Last("--baseline").value_or(""), &query.problem);
  }
  std::vector<audit::LineSource> sources = OpenIfSound(&query);
  if (!query.problem.empty()) {
    return RefuseArguments(query.problem);
  }
  audit::LogReader reader(std::move(sources));
  Progress progress(Reading(query.name()));
  Watch(&reader, &progress);
  audit::LoggedDecision logged;
  AnomalyFinder finder(*std::move(past));
  while (reader.Next(&logged)) {
    finder.Add(logged, query.filter.Matches(logged));
  }
  progress.End();
  if (options.Has("--json")) {
    PrintJson(finder);
  } else {
    PrintAnomalies(finder);
  }
  WarnOfBadLines(reader);
  return !finder.anomalies().empty() && options.Has("--exit-code") ? 1 : 0;
}

}  // namespace

Command AuditBaseline() {
  return {.manual = {.name = "audit baseline",
                     .group = Group::kLog,
                     .summary = "what the commands of each project do",
                     .usage = {"audit baseline [--json | -o FILE] [FILTERS]"},
                     .description = {"Counts what the commands of each project do, in words, and writes that to FILE "
                                     "if asked to. Only what was let through is counted. `audit anomalies` compares "
                                     "with it."},
                     .options = WithQueryOptions(
                         {{"--json", "", "as one JSON object, as in FILE"},
                          {"--output", "FILE", "write it to FILE, for `audit anomalies --baseline`", "-o"}}),
                     .examples = {{"safe-docker audit baseline", "What each project usually does."},
                                  {"safe-docker audit baseline --until 7d -o baseline.json",
                                   "Keep what was usual until a week ago."}},
                     .exit_codes = {{0, "it was counted"}, {2, "it was called wrongly, or a file cannot be used"}},
                     .see_also = {"safe-docker-audit-anomalies(1)", "safe-docker-audit(7)"}},
          .run = &RunBaseline};
}

Command AuditAnomalies() {
  return {
      .manual = {.name = "audit anomalies",
                 .group = Group::kLog,
                 .summary = "commands that do what their project had never done",
                 .usage = {"audit anomalies [--baseline FILE] [--json] [FILTERS]"},
                 .description = {"Tells which commands do what their project had never done before. The past is what "
                                 "the log holds up to each command, on top of FILE. A project with fewer than 20 "
                                 "commands has too little past to compare with.",
                                 "--since and --until choose what is reported; the whole log is the past."},
                 .options = WithQueryOptions({{"--baseline", "FILE", "what `audit baseline -o FILE` has kept"},
                                              {"--json", "", "as a JSON array"},
                                              {"--exit-code", "", "exit with 1 if something is unusual"}}),
                 .examples = {{"safe-docker audit anomalies --since 1d", "What was unusual since yesterday."},
                              {"safe-docker audit anomalies --baseline baseline.json --exit-code",
                               "Compare with a past that was kept, as a check that can fail."}},
                 .exit_codes = {{0, "the log was read"},
                                {1, "with --exit-code: something is unusual"},
                                {2, "it was called wrongly, or a file cannot be read"}},
                 .see_also = {"safe-docker-audit-baseline(1)", "safe-docker-audit(7)"}},
      .run = &RunAnomalies};
}

}  // namespace safe_docker::commands
