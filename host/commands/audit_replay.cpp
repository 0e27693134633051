// `safe-docker audit replay`.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "audit/times.hpp"
#include "commands/audit_query.hpp"
#include "commands/audit_replaying.hpp"
#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/progress.hpp"
#include "commands/terminal.hpp"
#include "diagnostics.hpp"
#include "modes/answer.hpp"

namespace safe_docker::commands {
namespace {

using audit::ReplayReport;
using modes::Printable;

constexpr std::uint64_t kMostWorkers = 8;

// The share of one process.
ReplayReport ReplayShare(const std::string& config_path, const AuditQuery& query,
                         std::vector<audit::LineSource> sources, audit::Share share) {
  PastJudge judge(config_path);
  audit::LogReader reader(std::move(sources), share);
  ReplayReport report;
  Progress progress(Reading(query.name()));
  if (share.index == 0) {
    Watch(&reader, &progress);
  }
  judge.JudgeAll(&reader, query.filter, [&](const auto& logged, const auto& outcome) { report.Add(logged, outcome); });
  report.bad_lines = reader.bad_lines();
  return report;
}

bool WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  return true;
}

std::string ReadAll(int descriptor) {
  std::string text;
  char piece[64 * 1024];
  for (;;) {
    const ssize_t count = read(descriptor, piece, sizeof piece);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return text;
    }
    text.append(piece, static_cast<std::size_t>(count));
  }
}

// Another process that replays a share of the log.
struct Worker {
  pid_t process = -1;
  int pipe = -1;
};

// Plugins are called from one thread only, so shares go to processes.
std::optional<Worker> StartWorker(const std::string& config_path, const AuditQuery& query,
                                  std::vector<audit::LineSource>* sources, audit::Share share) {
  int ends[2];
  if (pipe(ends) != 0) {
    return std::nullopt;
  }
  const pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    const ReplayReport report = ReplayShare(config_path, query, std::move(*sources), share);
    _exit(WriteAll(ends[1], report.Pack()) ? 0 : 1);
  }
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return std::nullopt;
  }
  return Worker{process, ends[0]};
}

// What the worker found out; nothing if it died.
std::optional<ReplayReport> Collect(const Worker& worker) {
  const std::string text = ReadAll(worker.pipe);
  close(worker.pipe);
  int status = 0;
  while (waitpid(worker.process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ReplayReport::Unpack(text) : std::nullopt;
}

std::uint64_t CountWorkers(const std::vector<audit::LineSource>& sources) {
  const bool can_share = std::all_of(sources.begin(), sources.end(),
                                     [](const audit::LineSource& source) { return source.can_be_shared(); });
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return can_share ? std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::max(processors, 1L)), 1, kMostWorkers)
                   : 1;
}

// Nothing if a worker died.
std::optional<ReplayReport> Replay(const std::string& config_path, const AuditQuery& query,
                                   std::vector<audit::LineSource> sources) {
  const std::uint64_t count = CountWorkers(sources);
  std::vector<Worker> workers;
  for (std::uint64_t index = 1; index < count; ++index) {
    const std::optional<Worker> worker = StartWorker(config_path, query, &sources, {index, count});
    if (!worker) {
      return std::nullopt;
    }
    workers.push_back(*worker);
  }
  ReplayReport report = ReplayShare(config_path, query, std::move(sources), {0, count});
  bool is_whole = true;
  for (const Worker& worker : workers) {
    const std::optional<ReplayReport> other = Collect(worker);
    is_whole = is_whole && other;
    if (other) {
      report.Add(*other);
    }
  }
  return is_whole ? std::optional(std::move(report)) : std::nullopt;
}

std::string Plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

void PrintReport(const ReplayReport& report) {
  const Terminal terminal = Terminal::OfOutput();
  std::string text =
      Plural(report.replayed, "decision replayed", "decisions replayed") + "; " +
      (report.changed() == 0 ? "none would change" : std::to_string(report.changed()) + " would change") + "\n";
  for (const auto& [kind, change] : report.changes) {
    text += "\n" + terminal.Paint(kind.before, policy::Name(kind.before)) + " -> " +
            terminal.Paint(kind.after, policy::Name(kind.after)) + "  " + Printable(kind.rule) + "  " +
            std::to_string(change.count) + "\n";
    for (const ReplayReport::Example& example : change.examples) {
      text += "    " + audit::FormatTime(example.time_unix_nano) + "  " +
              Shorten(Printable(example.command), terminal.columns > 40 ? terminal.columns - 28 : 120) +
              (example.id.empty() ? "" : "  " + terminal.PaintFaint(Printable(example.id))) + "\n";
    }
    if (!change.examples.empty()) {
      text += "    " + Printable(change.examples.front().message) + "\n";
    }
  }
  if (!report.obstacles.empty()) {
    text += "\n" + Plural(report.not_replayed(), "record", "records") + " could not be replayed:\n";
    for (const auto& [reason, count] : report.obstacles) {
      text += PadLeft(std::to_string(count), 9) + "  " + reason + "\n";
    }
  }
  Print(text);
}

void PrintJson(const ReplayReport& report) {
  nlohmann::ordered_json json;
  json["replayed"] = report.replayed;
  json["changed"] = report.changed();
  json["not_replayed"] = report.not_replayed();
  json["bad_lines"] = report.bad_lines;
  json["obstacles"] = report.obstacles;
  json["changes"] = nlohmann::ordered_json::array();
  for (const auto& [kind, change] : report.changes) {
    nlohmann::ordered_json one;
    one["before"] = policy::Name(kind.before);
    one["after"] = policy::Name(kind.after);
    one["rule"] = kind.rule;
    one["count"] = change.count;
    one["examples"] = nlohmann::ordered_json::array();
    for (const ReplayReport::Example& example : change.examples) {
      nlohmann::ordered_json shown;
      shown["id"] = example.id;
      shown["time"] = audit::FormatTime(example.time_unix_nano);
      shown["command"] = example.command;
      shown["message"] = example.message;
      one["examples"].push_back(std::move(shown));
    }
    json["changes"].push_back(std::move(one));
  }
  Print(AsciiJson(json) + "\n");
}

int Run(const Options& options) {
  AuditQuery query = ReadAuditQuery(options, /*config_names_log=*/false);
  std::vector<audit::LineSource> sources;
  const std::string config_path = options.Last("--config").value_or("");
  if (query.problem.empty()) {
    query.problem = PastJudge(config_path).problem();
  }
  if (query.problem.empty()) {
    sources = OpenQuery(&query);
  }
  if (!query.problem.empty()) {
    return RefuseArguments(query.problem);
  }
  const std::optional<ReplayReport> report = Replay(config_path, query, std::move(sources));
  if (!report) {
    return RefuseArguments("the log could not be replayed: a process that judged a part of it ended early");
  }
  if (options.Has("--json")) {
    PrintJson(*report);
  } else {
    PrintReport(*report);
  }
  if (report->bad_lines > 0) {
    diagnostics::Warn(Plural(report->bad_lines, "line is no record", "lines are no records") + " and passed over");
  }
  return report->changed() > 0 && options.Has("--exit-code") ? 1 : 0;
}

}  // namespace

Command AuditReplay() {
  return {.manual = {.name = "audit replay",
                     .group = Group::kLog,
                     .summary = "which past decisions a configuration would change",
                     .usage = {"audit replay [--config NEW] [FILTERS]"},
                     .description = {"Judges again what the log has kept, under the configuration NEW (else the one in "
                                     "force), and says which decisions would change. What was found in the text of a "
                                     "command and in project files is taken as it was then."},
                     .options = WithQueryOptions({{"--json", "", "everything as one JSON object"},
                                                  {"--exit-code", "", "exit with 1 if a decision would change"}}),
                     .examples = {{"safe-docker audit replay --config new.toml",
                                   "What a new configuration would have decided otherwise."},
                                  {"safe-docker audit replay --since 30d --decision deny --json",
                                   "Which denials of the last 30 days would not be ones today."}},
                     .exit_codes = {{0, "the log was judged again"},
                                    {1, "with --exit-code: a decision would change"},
                                    {2, "it was called wrongly, or a file cannot be read"}},
                     .see_also = {"safe-docker-audit-suggest(1)", "safe-docker-audit(7)"}},
          .run = &Run};
}

}  // namespace safe_docker::commands
